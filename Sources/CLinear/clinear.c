#include "clinear.h"

static void say_nothing(const char *text) { (void)text; }

void CLinear_be_quiet(void) { set_print_string_function(say_nothing); }
