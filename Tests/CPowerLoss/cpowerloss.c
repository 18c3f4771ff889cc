#include "cpowerloss.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What one write or truncation replaced.
typedef struct Undo {
    struct Undo *older;
    sqlite3_int64 size;  // of the file, before
    sqlite3_int64 offset;
    int count;
    unsigned char bytes[];
} Undo;

// What all connections know of one file; kept until the process ends.
typedef struct Disk {
    struct Disk *next;
    Undo *newest;
    int is_off;
    char path[];
} Disk;

typedef struct File {
    sqlite3_file base;
    Disk *disk;
    sqlite3_file *real;
} File;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Disk *disks;
static sqlite3_vfs *below;

static File *own(sqlite3_file *file) { return (File *)file; }
static sqlite3_file *real(sqlite3_file *file) { return own(file)->real; }

static void forget(Disk *disk) {
    while (disk->newest) {
        Undo *older = disk->newest->older;
        free(disk->newest);
        disk->newest = older;
    }
}

// The disk of a path; NULL without memory. With `lock` held.
static Disk *disk_of(const char *path) {
    for (Disk *disk = disks; disk; disk = disk->next) {
        if (strcmp(disk->path, path) == 0) return disk;
    }
    Disk *made = calloc(1, sizeof(Disk) + strlen(path) + 1);
    if (!made) return NULL;
    strcpy(made->path, path);
    made->next = disks;
    disks = made;
    return made;
}

// Remembers what stands in the file from `offset` on. With `lock` held.
static int remember(File *file, sqlite3_int64 offset, sqlite3_int64 count) {
    sqlite3_int64 size = 0;
    int code = file->real->pMethods->xFileSize(file->real, &size);
    if (code != SQLITE_OK) return code;
    if (offset + count > size) count = size > offset ? size - offset : 0;
    Undo *undo = malloc(sizeof(Undo) + (size_t)count);
    if (!undo) return SQLITE_NOMEM;
    *undo = (Undo){.older = file->disk->newest, .size = size, .offset = offset, .count = (int)count};
    if (count > 0) code = file->real->pMethods->xRead(file->real, undo->bytes, (int)count, offset);
    if (code != SQLITE_OK) {
        free(undo);
        return code;
    }
    file->disk->newest = undo;
    return SQLITE_OK;
}

static int close_file(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }

static int read_file(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int write_file(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    pthread_mutex_lock(&lock);
    int code = own(file)->disk->is_off ? SQLITE_IOERR_WRITE : remember(own(file), offset, count);
    if (code == SQLITE_OK) code = real(file)->pMethods->xWrite(real(file), bytes, count, offset);
    pthread_mutex_unlock(&lock);
    return code;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    sqlite3_int64 before = 0;
    pthread_mutex_lock(&lock);
    int code = own(file)->disk->is_off ? SQLITE_IOERR_TRUNCATE : real(file)->pMethods->xFileSize(real(file), &before);
    if (code == SQLITE_OK) code = remember(own(file), size, before > size ? before - size : 0);
    if (code == SQLITE_OK) code = real(file)->pMethods->xTruncate(real(file), size);
    pthread_mutex_unlock(&lock);
    return code;
}

// Nothing needs to reach the real disk: the machine under the test stays on.
static int sync_file(sqlite3_file *file, int flags) {
    (void)flags;
    pthread_mutex_lock(&lock);
    int code = own(file)->disk->is_off ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    if (code == SQLITE_OK) forget(own(file)->disk);
    pthread_mutex_unlock(&lock);
    return code;
}

static int size_of(sqlite3_file *file, sqlite3_int64 *size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
static int lock_file(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }
static int unlock_file(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
static int is_reserved(sqlite3_file *file, int *out) {
    return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
static int control(sqlite3_file *file, int operation, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
static int sector_size(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }
static int characteristics(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
static void shm_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }
static int shm_unmap(sqlite3_file *file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

// Version 2: no memory-mapped reads, which would go around us.
static const sqlite3_io_methods methods = {
    2,          close_file,  read_file,   write_file,      truncate_file, sync_file,   size_of,  lock_file,
    unlock_file, is_reserved, control,    sector_size,     characteristics, shm_map,   shm_lock, shm_barrier,
    shm_unmap,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    File *made = own(file);
    memset(made, 0, sizeof(File));
    made->real = (sqlite3_file *)(made + 1);
    int code = below->xOpen(below, name, made->real, flags, out);
    if (code != SQLITE_OK) return code;
    pthread_mutex_lock(&lock);
    // A temporary file has no name, and nobody misses it.
    made->disk = disk_of(name ? name : "");
    pthread_mutex_unlock(&lock);
    if (!made->disk) {
        made->real->pMethods->xClose(made->real);
        return SQLITE_NOMEM;
    }
    made->base.pMethods = &methods;
    return SQLITE_OK;
}

int cpowerloss_register(void) {
    static sqlite3_vfs vfs;
    pthread_mutex_lock(&lock);
    int code = SQLITE_OK;
    if (!below) {
        sqlite3_vfs *found = sqlite3_vfs_find(NULL);
        if (found) {
            // All else is done by the system's own, which looks at no field of ours.
            vfs = *found;
            vfs.pNext = NULL;
            vfs.zName = "powerloss";
            vfs.szOsFile = (int)sizeof(File) + found->szOsFile;
            vfs.xOpen = open_file;
            below = found;
            code = sqlite3_vfs_register(&vfs, 0);
        } else {
            code = SQLITE_ERROR;
        }
    }
    pthread_mutex_unlock(&lock);
    return code;
}

// Puts back what was replaced, newest first; returns the count, or -1. With `lock` held.
static int put_back(Disk *disk) {
    int lost = 0;
    if (!disk->newest) return 0;
    int descriptor = open(disk->path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return -1;
    for (Undo *undo = disk->newest; undo; undo = undo->older) {
        if (pwrite(descriptor, undo->bytes, (size_t)undo->count, undo->offset) != undo->count
            || ftruncate(descriptor, undo->size) != 0) {
            lost = -1;
            break;
        }
        lost++;
    }
    close(descriptor);
    forget(disk);
    return lost;
}

int cpowerloss_cut(const char *prefix) {
    int lost = 0;
    pthread_mutex_lock(&lock);
    for (Disk *disk = disks; disk; disk = disk->next) {
        if (strncmp(disk->path, prefix, strlen(prefix)) != 0) continue;
        disk->is_off = 1;
        int count = put_back(disk);
        lost = count < 0 || lost < 0 ? -1 : lost + count;
    }
    pthread_mutex_unlock(&lock);
    return lost;
}
