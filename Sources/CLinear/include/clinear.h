// LIBLINEAR for one Swift module: linear.h, and training without a word on the terminal.
#pragma once
#include <linear.h>

/// Turns off what LIBLINEAR prints while it trains.
void CLinear_be_quiet(void);
