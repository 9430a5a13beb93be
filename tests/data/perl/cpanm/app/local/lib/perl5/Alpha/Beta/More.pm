package Alpha::Beta::More;
1;
