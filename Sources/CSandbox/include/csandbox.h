#pragma once
#include <stdint.h>

/// Limits of a confined process; 0 leaves the present limit.
typedef struct {
    /// Bytes of address space.
    uint64_t addressSpace;
    /// Bytes of private data (heap and anonymous mappings).
    uint64_t data;
    /// Seconds of CPU before the kernel kills the process.
    uint64_t cpuSeconds;
    /// Number of open files.
    uint64_t files;
    /// Largest file that may be written, in bytes; UINT64_MAX leaves the present limit.
    uint64_t fileSize;
} csandbox_limits;

/// Sets resource limits, forbids core dumps and dumping; 0 or errno.
int csandbox_limit(const csandbox_limits *limits);

/// Installs a system-call filter without sockets, tracing, mounts and kernel doors.
/// `mayExec` 0 also forbids new programs, new processes and opening files. 0 or errno.
int csandbox_filter(int mayExec);

/// Ends this process when its parent ends; 0 or errno. `parent` is the process id it was started by.
int csandbox_die_with_parent(int parent);

/// Starts `path` with stdin and stdout on the given descriptors and everything above 2 closed. Process id or -errno.
int csandbox_spawn(
    const char *path, char *const arguments[], char *const environment[], int input, int output, int error);

/// User plus system CPU of a process in microseconds, or -1 when it is gone.
int64_t csandbox_cpu_microseconds(int process);

/// A pipe with room for 256 KiB where the system allows it, closed on exec: reading end, writing end. 0 or errno.
int csandbox_pipe(int ends[2]);

/// Threads take memory from so many arenas at most. To be called before there are threads.
void csandbox_share_memory(int arenas);

/// Gives free memory back to the kernel, once.
void csandbox_give_back_memory(void);

/// Keeps up to `bytes` of freed memory for the next request instead of giving it back to the kernel.
void csandbox_keep_memory(int bytes);
