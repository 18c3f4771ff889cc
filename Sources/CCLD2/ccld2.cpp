#include "include/ccld2.h"
