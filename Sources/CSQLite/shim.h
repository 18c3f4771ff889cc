#include <sqlite3.h>

// sqlite3_config takes any number of arguments, which Swift does not see. Counting memory costs a lock that all
// connections share, at every allocation.
static inline int liaison_sqlite_without_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
