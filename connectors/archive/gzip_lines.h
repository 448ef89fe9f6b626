// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines in a file that gzip has compressed. A file grows by whole gzip members: a new file takes
// the place of the old one, its first bytes those of the old one, then a member of new lines. Until
// it has its name it is NAME.part.
//
// Thread contract: one owner; pure functions. Bound: a few hundred kilobytes of buffers, and the
// longest line.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "connectors/base/result.h"

namespace weir {

/// By what lines are known again; two of them are the same for the same lines in the same order.
struct LinesDigest {
    std::int64_t lines = 0;
    std::uint64_t hash_high = 0;
    std::uint64_t hash_low = 0;
    bool operator==(const LinesDigest&) const = default;
};

class GzipLinesWriter {
  public:
    /// What the file NAME has in its first `kept_bytes` comes first; 0: nothing of it.
    /// Errors, of all: Io, DiskFull, Corrupt (it is shorter).
    static Result<std::unique_ptr<GzipLinesWriter>> create(std::string name,
                                                           std::int64_t kept_bytes);
    ~GzipLinesWriter(); // what has no name by now is gone
    GzipLinesWriter(const GzipLinesWriter&) = delete;
    GzipLinesWriter& operator=(const GzipLinesWriter&) = delete;

    /// `line`: without its end, and without one in it.
    Result<void> add(std::string_view line);
    /// Ends the member: whole and on the disk, still without its name.
    Result<void> close();
    /// Puts it in the place of what NAME was. REQUIRES: closed.
    Result<void> finish();

    std::int64_t bytes() const; // of the whole file; REQUIRES: closed
    LinesDigest digest() const; // of the new lines

  private:
    struct Private;
    explicit GzipLinesWriter(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

/// Is handed a line without its end; an error of its own ends the reading.
using TakeLine = std::function<Result<void>(std::string_view)>;

/// Reads the members in bytes [first, past) of a file, and their checksums; `take` gets their
/// lines, before it is known whether the rest is whole. Errors: NotFound, Io, Corrupt (broken off,
/// a checksum, no gzip, the last line has no end), and those of `take`.
Result<LinesDigest> read_gzip_lines(const std::string& name, std::int64_t first_byte,
                                    std::int64_t past_byte, const TakeLine& take = {});

/// Errors: NotFound, Io.
Result<std::int64_t> file_bytes(const std::string& name);

} // namespace weir
