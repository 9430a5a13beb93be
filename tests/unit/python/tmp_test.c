#include "os_run.h"
int main(int argc, char **argv){ const char*l=argv[1]; (void)argc; stella_buf t=run_as(NULL,&l,1,0); fputs(t.ptr,stdout); stella_buf_fini(&t); return 0;}
