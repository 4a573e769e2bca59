// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <sys/prctl.h>

// prctl takes a variable number of arguments, which Swift does not call.
static inline int lanyard_prctl(int option, unsigned long value) { return prctl(option, value, 0, 0, 0); }
