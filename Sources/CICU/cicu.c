#include "include/cicu.h"
