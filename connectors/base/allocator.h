// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How this process deals with memory that it has freed.
// Thread contract: keep_freed_memory() once, at the beginning of main(); the rest from any thread.
// Bound: each of the allocator's arenas keeps at most 32 MB at its end.
#pragma once

namespace weir {

/// Keeps what a reader frees for its next response: librdkafka allocates a buffer of some MB for
/// each and frees it when its last record goes; given back to the system in between, every page of
/// it would be faulted in and cleared again. Does nothing where the C library is not glibc.
void keep_freed_memory();

/// The first member of something that reads for a while: once the others are gone, all that this
/// process has freed goes back to the system. Without it each new reader's threads take arenas of
/// their own, and what the last one's had kept stays beside them.
struct GivesBackFreedMemory {
    GivesBackFreedMemory() = default;
    ~GivesBackFreedMemory();
    GivesBackFreedMemory(const GivesBackFreedMemory&) = delete;
    GivesBackFreedMemory& operator=(const GivesBackFreedMemory&) = delete;
};

} // namespace weir
