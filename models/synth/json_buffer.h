// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes JSON text by hand into memory that is used again for every event.
// Thread contract: one owner. Bound: `capacity` bytes; what does not fit is a programmer's error
// (asserted), for all that is written here is of known size.
#pragma once

#include <cassert>
#include <cstdint>
#include <memory>
#include <string_view>

#include "connectors/base/types.h"

namespace weir::synth {

class JsonBuffer {
  public:
    static constexpr std::size_t capacity = 16 * 1024;

    void clear() { m_size = 0; }
    std::size_t size() const { return m_size; }
    std::string_view view() const { return {m_bytes.get(), m_size}; }
    void cut(std::size_t size) { m_size = size < m_size ? size : m_size; }
    void replace(std::size_t at, char byte) {
        assert(at < m_size);
        m_bytes[at] = byte;
    }

    void add(std::string_view text) {
        assert(m_size + text.size() <= capacity);
        m_size += text.copy(m_bytes.get() + m_size, text.size());
    }
    void add(char byte) {
        assert(m_size < capacity);
        m_bytes[m_size++] = byte;
    }
    /// `text` in quotes. REQUIRES: it needs no escapes, or has them.
    void quoted(std::string_view text) {
        add('"');
        add(text);
        add('"');
    }

    void number(std::int64_t value);
    /// 4990 → 49.90
    void cents(std::int64_t value);
    /// `value` in 16 hex digits.
    void hex(std::uint64_t value);
    /// A UUID of version 4 made of 128 random bits.
    void uuid(std::uint64_t high, std::uint64_t low);
    /// 2026-11-21T02:00:11.123Z; milliseconds, as clients send them.
    void time(Micros when);

  private:
    void two_digits(int value) {
        add(static_cast<char>('0' + value / 10));
        add(static_cast<char>('0' + value % 10));
    }
    void hex_digits(std::uint64_t value, int digits);
    void date(std::int64_t day);

    std::unique_ptr<char[]> m_bytes = std::make_unique<char[]>(capacity);
    std::size_t m_size = 0;
    std::int64_t m_day = INT64_MIN; // whose date is in m_date
    char m_date[10] = {};
};

} // namespace weir::synth
