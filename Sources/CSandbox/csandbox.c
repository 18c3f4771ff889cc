#define _GNU_SOURCE
#include "include/csandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static int set_limit(int resource, uint64_t value) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) return errno;
    if (limit.rlim_max != RLIM_INFINITY && value > limit.rlim_max) value = limit.rlim_max;
    limit.rlim_cur = value;
    limit.rlim_max = value;
    return setrlimit(resource, &limit) == 0 ? 0 : errno;
}

int csandbox_limit(const csandbox_limits *limits) {
    int failed = set_limit(RLIMIT_CORE, 0);
    if (!failed && limits->addressSpace) failed = set_limit(RLIMIT_AS, limits->addressSpace);
    if (!failed && limits->data) failed = set_limit(RLIMIT_DATA, limits->data);
    if (!failed && limits->cpuSeconds) failed = set_limit(RLIMIT_CPU, limits->cpuSeconds);
    if (!failed && limits->files) failed = set_limit(RLIMIT_NOFILE, limits->files);
    if (!failed && limits->fileSize != UINT64_MAX) failed = set_limit(RLIMIT_FSIZE, limits->fileSize);
    return failed;
}

// Doors to the network and the kernel that no parser needs, whether or not it may start programs.
static const char *const forbidden_always[] = {
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg",
    "ptrace", "process_vm_readv", "process_vm_writev", "mount", "umount2", "pivot_root", "chroot", "setns", "unshare",
    "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot",
    "swapon", "swapoff", "open_by_handle_at", "name_to_handle_at", "pidfd_getfd", "quotactl", "acct", "syslog",
    "settimeofday", "clock_settime", "personality", "iopl", "ioperm", "fanotify_init",
};

// A parser has all it needs before its first request: no programs, no processes, no changes to the file system.
static const char *const forbidden_parsing[] = {
    "execve", "execveat", "fork", "vfork", "kill", "tkill", "pidfd_send_signal", "pidfd_open", "rename", "renameat",
    "renameat2", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat", "chmod",
    "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat", "truncate", "ftruncate", "creat", "openat2",
    "mknod", "mknodat", "setxattr", "lsetxattr", "fsetxattr", "memfd_create", "utimensat", "prlimit64", "setrlimit",
};

static int forbid(scmp_filter_ctx filter, const char *const names[], size_t count) {
    for (size_t i = 0; i < count; i++) {
        int number = seccomp_syscall_resolve_name(names[i]);
        if (number == __NR_SCMP_ERROR) continue;
        int failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
        if (failed && failed != -EDOM) return failed;
    }
    return 0;
}

// iconv and ICU open tables while they work, so reading stays allowed; any other way of opening is refused.
static int forbid_writing(scmp_filter_ctx filter) {
    static const int flags[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        uint64_t flag = (uint64_t)flags[i];
        int failed = seccomp_rule_add(
            filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, flag, flag));
        if (!failed) {
            failed = seccomp_rule_add(
                filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, flag, flag));
        }
        if (failed && failed != -EDOM) return failed;
    }
    return 0;
}

// Threads stay allowed, since the runtime makes them. clone3 hides its flags from a filter: answered as if the kernel
// did not know it, so that the C library takes clone.
static int forbid_processes(scmp_filter_ctx filter) {
    int failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (failed && failed != -EDOM) return failed;
    return seccomp_rule_add(
        filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
}

int csandbox_filter(int mayExec) {
    // Not traceable by others of the same user, and no memory image. Cleared again by an exec.
    prctl(PR_SET_DUMPABLE, 0);
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter) return ENOMEM;
    int failed = forbid(filter, forbidden_always, sizeof forbidden_always / sizeof *forbidden_always);
    if (!failed && !mayExec) {
        failed = forbid(filter, forbidden_parsing, sizeof forbidden_parsing / sizeof *forbidden_parsing);
        if (!failed) failed = forbid_writing(filter);
        if (!failed) failed = forbid_processes(filter);
    }
    // Sets no_new_privs too. A foreign system-call table (32-bit calls) kills the process by libseccomp's default.
    if (!failed) failed = seccomp_load(filter);
    seccomp_release(filter);
    return failed < 0 ? -failed : failed;
}

int csandbox_die_with_parent(int parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
    // The parent may have ended before the line above.
    return getppid() == parent ? 0 : ESRCH;
}

int csandbox_spawn(
    const char *path, char *const arguments[], char *const environment[], int input, int output, int error) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    int failed = posix_spawn_file_actions_adddup2(&actions, input, 0);
    if (!failed) failed = posix_spawn_file_actions_adddup2(&actions, output, 1);
    if (!failed) failed = posix_spawn_file_actions_adddup2(&actions, error, 2);
    if (!failed) failed = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    pid_t process = 0;
    if (!failed) failed = posix_spawn(&process, path, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failed ? -failed : process;
}

int64_t csandbox_cpu_microseconds(int process) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return -1;
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

int csandbox_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    // Fewer wake-ups for large messages; refused beyond the user's limit, which does no harm.
    fcntl(ends[0], F_SETPIPE_SZ, 256 * 1024);
    return 0;
}

void csandbox_share_memory(int arenas) { mallopt(M_ARENA_MAX, arenas); }

void csandbox_give_back_memory(void) { malloc_trim(0); }

void csandbox_keep_memory(int bytes) {
    mallopt(M_TRIM_THRESHOLD, bytes);
    mallopt(M_MMAP_THRESHOLD, bytes);
    mallopt(M_TOP_PAD, 1 << 20);
}
