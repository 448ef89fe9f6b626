// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How this process deals with memory that it has freed.
// Thread contract: once, at the beginning of main(). Bound: each of the allocator's arenas keeps at
// most 32 MB at its end.
#pragma once

namespace weir {

/// Keeps what a reader frees for its next response: librdkafka allocates a buffer of some MB for
/// each and frees it when its last record goes; given back to the system in between, every page of
/// it would be faulted in and cleared again. Does nothing where the C library is not glibc.
void keep_freed_memory();

} // namespace weir
