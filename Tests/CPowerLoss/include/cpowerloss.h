// A SQLite VFS for tests that forgets what was not synced when the power is cut.
//
// Files opened through it (`file:PATH?vfs=powerloss`) are written through, so every connection sees every write; what a
// write or a truncation replaced is kept until the next sync of that file. A cut puts it back, newest first: the file
// is then what a disk with a volatile cache would have kept at the least.
#ifndef CPOWERLOSS_H
#define CPOWERLOSS_H

/// Makes the VFS `powerloss` known; may be called often. Returns a SQLite result code.
int cpowerloss_register(void);

/// Cuts the power of all files whose path begins with `prefix`: unsynced writes are undone, later ones fail.
/// Returns how many writes were lost; -1 when a file could not be put back.
int cpowerloss_cut(const char *prefix);

#endif
