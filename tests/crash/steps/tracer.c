// Runs a program and counts its steps: each system call of its own that changes something outside of its memory (files
// and folders below one root, a connection to somebody, the start of a program), before it is carried out; of a start,
// also right after. Kills the program at the step of a number. What it starts is neither counted nor killed.
//
// Calls are counted and not functions, because parts of the program make them without the C library. Writes to its
// database are one step between two others, whatever they are: how a database survives is tested elsewhere.
//
// tracer LOG NUMBER ROOT PROGRAM [ARGUMENT]...    NUMBER 0 kills never; LOG gets a line a step
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <linux/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREAD 0x00010000 // CLONE_THREAD
enum { NONE = -1, FD = -2, OPENS = -3, STARTS = -4, STARTS3 = -5, CONNECTS = -6 };

// Which argument of a call is the path that it changes, or what else it does.
static const struct { long nr; const char *name; int what; } CALLS[] = {
#ifdef SYS_rename
    {SYS_rename, "rename", 1}, {SYS_unlink, "unlink", 0}, {SYS_rmdir, "rmdir", 0}, {SYS_mkdir, "mkdir", 0},
    {SYS_symlink, "symlink", 1}, {SYS_link, "link", 1}, {SYS_open, "open", OPENS}, {SYS_creat, "creat", 0},
    {SYS_chmod, "chmod", 0}, {SYS_fork, "fork", STARTS}, {SYS_vfork, "vfork", STARTS},
#endif
#ifdef SYS_renameat
    {SYS_renameat, "rename", 3},
#endif
    {SYS_renameat2, "rename", 3}, {SYS_unlinkat, "unlink", 1}, {SYS_mkdirat, "mkdir", 1},
    {SYS_symlinkat, "symlink", 2}, {SYS_linkat, "link", 3}, {SYS_openat, "open", OPENS},
    {SYS_fchmodat, "chmod", 1}, {SYS_fchmod, "chmod", FD}, {SYS_truncate, "truncate", 0},
    {SYS_ftruncate, "truncate", FD}, {SYS_write, "write", FD}, {SYS_writev, "write", FD},
    {SYS_pwrite64, "write", FD}, {SYS_connect, "connect", CONNECTS}, {SYS_clone, "start", STARTS},
#ifdef SYS_clone3
    {SYS_clone3, "start", STARTS3},
#endif
};

static const char *root;
static FILE *log_file;
static long kill_at, steps;
static int last_was_database;

static void text_at(pid_t of, uint64_t at, char *to, size_t size) {
    size_t got = 0;
    // A page at a time: what follows the text may not be there.
    while (got + 1 < size) {
        size_t piece = 4096 - (at + got) % 4096;
        if (piece > size - 1 - got) piece = size - 1 - got;
        struct iovec mine = {to + got, piece}, theirs = {(void *)(uintptr_t)(at + got), piece};
        ssize_t read = process_vm_readv(of, &mine, 1, &theirs, 1, 0);
        if (read <= 0) break;
        if (memchr(to + got, 0, (size_t)read)) return;
        got += (size_t)read;
    }
    to[got] = 0;
}

static void path_of(pid_t of, uint64_t fd, char *to, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/fd/%d", of, (int)fd);
    ssize_t length = readlink(link, to, size - 1);
    to[length < 0 ? 0 : length] = 0;
}

// Whether the program is to be killed now.
static int step(const char *name, const char *path) {
    steps++;
    fprintf(log_file, "%s %s%s\n", name, path, steps == kill_at ? " KILLED" : "");
    fflush(log_file);
    return steps == kill_at;
}

static int changes(pid_t thread, const struct ptrace_syscall_info *info) {
    for (size_t i = 0; i < sizeof CALLS / sizeof *CALLS; i++) {
        if (CALLS[i].nr != (long)info->entry.nr) continue;
        const uint64_t *args = (const uint64_t *)info->entry.args;
        char path[4096] = "";
        uint64_t flags = args[0];
        switch (CALLS[i].what) {
        case STARTS3: {
            struct iovec mine = {&flags, sizeof flags}, theirs = {(void *)(uintptr_t)args[0], sizeof flags};
            if (process_vm_readv(thread, &mine, 1, &theirs, 1, 0) != sizeof flags) return 0;
        } // fall through
        case STARTS:
            if (strcmp(CALLS[i].name, "start") == 0 && (flags & THREAD)) return 0;
            // fall through
        case CONNECTS:
            break;
        case FD:
            path_of(thread, args[0], path, sizeof path);
            if (strncmp(path, root, strlen(root))) return 0;
            break;
        case OPENS: {
            int at = CALLS[i].nr == SYS_openat;
            uint64_t how = args[1 + at];
            if (!(how & (O_CREAT | O_TRUNC))) return 0;
            text_at(thread, args[at], path, sizeof path);
            // What is there already is not made.
            if (path[0] == '/' && !(how & O_TRUNC) && access(path, F_OK) == 0) return 0;
            break;
        }
        default:
            text_at(thread, args[CALLS[i].what], path, sizeof path);
            if (strcmp(CALLS[i].name, "mkdir") == 0 && path[0] == '/' && access(path, F_OK) == 0) return 0;
        }
        int database = strstr(path, "sprintgate.db") != NULL;
        if (database && (CALLS[i].what != FD || last_was_database)) return 0;
        if (path[0] == '/' && !database && strncmp(path, root, strlen(root))) return 0;
        last_was_database = database;
        return step(database ? "commit" : CALLS[i].name, path);
    }
    return 0;
}

// The threads in the midst of starting a program.
#define MANY 65536
static char starting[MANY];

static int starts(const struct ptrace_syscall_info *info) {
    for (size_t i = 0; i < sizeof CALLS / sizeof *CALLS; i++)
        if (CALLS[i].nr == (long)info->entry.nr)
            return CALLS[i].what == STARTS || CALLS[i].what == STARTS3;
    return 0;
}

int main(int count, char **args) {
    if (count < 5) return 125;
    log_file = fopen(args[1], "a");
    kill_at = atol(args[2]);
    root = args[3];
    if (!log_file) return 125;
    pid_t child = fork();
    if (child == 0) {
        fclose(log_file);
        if (ptrace(PTRACE_TRACEME, 0, 0, 0)) _exit(126);
        raise(SIGSTOP);
        execv(args[4], args + 4);
        _exit(127);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) < 0) return 125;
    if (!WIFSTOPPED(status)) {
        fprintf(stderr, "this system lets nobody be traced\n");
        return 125;
    }
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SETOPTIONS, child, 0, options)) return 125;
    ptrace(PTRACE_SYSCALL, child, 0, 0);
    for (;;) {
        pid_t thread = waitpid(-1, &status, __WALL);
        if (thread < 0 && errno == EINTR) continue;
        if (thread < 0) return 125;
        if (!WIFSTOPPED(status)) {
            if (thread != child) continue;
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        int signal = WSTOPSIG(status);
        if (signal == (SIGTRAP | 0x80)) {
            signal = 0;
            struct ptrace_syscall_info info;
            if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) continue;
            int now = 0;
            if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
                long before = steps;
                now = changes(thread, &info);
                starting[thread % MANY] = steps > before && starts(&info);
            } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && starting[thread % MANY]) {
                starting[thread % MANY] = 0;
                now = step("started", "");
            }
            if (now) {
                kill(child, SIGKILL);
                continue;
            }
        } else if (signal == SIGTRAP || signal == SIGSTOP) {
            signal = 0;
        }
        ptrace(PTRACE_SYSCALL, thread, 0, signal);
    }
}
