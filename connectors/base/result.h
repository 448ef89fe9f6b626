// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Errors are values. Result<T> is either a T or an Error that says what failed, where, what was
// tried and what the user can do about it. Nothing below app/ and widgets/ shows an error; it is
// handed up as it is. Thread contract: plain values.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace weir {

enum class ErrorCode {
    Usage,          // the caller's words are off (command line, filter)
    Config,         // a workspace, option or file says something impossible
    NotFound,       // the thing named does not exist
    NotPermitted,   // it may exist, but we may not look; never the same as NotFound
    Authentication, // the other side refused who we are
    Connection,     // nobody answered, or the answer broke off
    Timeout,        // an answer did not come within its limit
    Cancelled,      // the user or a newer request ended it
    TooLarge,       // over a stated bound
    Corrupt,        // bytes that are not what they must be
    Unsupported,    // the other side cannot do it
    Refused,        // Weir itself will not do it (law 6: production is read-only)
    DiskFull,       // no room to write
    Io,             // another failure of a file
    Internal,       // a programmer's error, caught
};

/// The code's word as it stands in --json output, e.g. "not_permitted".
const char* to_word(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string what{};   // one sentence: what failed
    std::string where{};  // connection name, file with line, JSON pointer, column; may be empty
    std::string tried{};  // what was being done; may be empty
    std::string advice{}; // what the user can do; may be empty
    int column = -1;      // 0-based byte column of a mistake in a text, -1: none

    /// "where: what (while tried). advice" on one line, without a trailing newline; without `where`
    /// if `what` begins with it.
    std::string text() const;
};

template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    /// REQUIRES: ok()
    T& value() & {
        assert(ok());
        return *std::get_if<0>(&m_state);
    }
    const T& value() const& {
        assert(ok());
        return *std::get_if<0>(&m_state);
    }
    T&& value() && {
        assert(ok());
        return std::move(*std::get_if<0>(&m_state));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    /// REQUIRES: !ok()
    const Error& error() const& {
        assert(!ok());
        return *std::get_if<1>(&m_state);
    }
    Error&& error() && {
        assert(!ok());
        return std::move(*std::get_if<1>(&m_state));
    }

  private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error)
        : m_error(std::move(error)) {}

    bool ok() const { return !m_error; }
    explicit operator bool() const { return ok(); }

    /// REQUIRES: !ok()
    const Error& error() const& {
        assert(!ok());
        return *m_error;
    }
    Error&& error() && {
        assert(!ok());
        return std::move(*m_error);
    }

  private:
    std::optional<Error> m_error;
};

} // namespace weir
