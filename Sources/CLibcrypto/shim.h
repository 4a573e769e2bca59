// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pemerr.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

// EVP_PKEY_PUBLIC_KEY and EVP_PKEY_KEYPAIR are sums of macros, which Swift does not import.
static const int lanyard_EVP_PKEY_PUBLIC_KEY = EVP_PKEY_PUBLIC_KEY;
static const int lanyard_EVP_PKEY_KEYPAIR = EVP_PKEY_KEYPAIR;

// BN_num_bytes is a macro with an argument, which Swift does not import.
static inline int lanyard_BN_num_bytes(const BIGNUM *number) { return BN_num_bytes(number); }

// OPENSSL_clear_free and OPENSSL_free are macros with arguments, which Swift does not import.
static inline void lanyard_OPENSSL_clear_free(void *bytes, size_t count) { OPENSSL_clear_free(bytes, count); }
static inline void lanyard_OPENSSL_free(void *bytes) { OPENSSL_free(bytes); }
