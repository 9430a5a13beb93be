int fixture_helper(void);
int fixture_helper(void) {
    return 1;
}
