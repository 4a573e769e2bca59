// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <sqlite3.h>

// sqlite3_db_config is variadic, which Swift cannot call. Both settings are those the SQLite manual recommends for
// an application that opens files it did not write itself.
static inline int lanyard_sqlite3_harden(sqlite3 *connection) {
    int result = sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (result == SQLITE_OK) result = sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
    if (result == SQLITE_OK) result = sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0);
    return result;
}
