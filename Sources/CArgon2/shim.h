// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <argon2.h>

// ARGON2_FLAG_CLEAR_PASSWORD is a macro with a cast, which Swift does not import.
static const uint32_t lanyard_ARGON2_FLAG_CLEAR_PASSWORD = ARGON2_FLAG_CLEAR_PASSWORD;
