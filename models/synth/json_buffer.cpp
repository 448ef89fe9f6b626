// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/json_buffer.h"

#include <charconv>
#include <chrono>

#include "connectors/base/time_units.h"

namespace weir::synth {
namespace {

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

} // namespace

void JsonBuffer::number(std::int64_t value) {
    assert(m_size + 20 <= capacity);
    const auto end = std::to_chars(m_bytes.get() + m_size, m_bytes.get() + capacity, value).ptr;
    m_size = static_cast<std::size_t>(end - m_bytes.get());
}

void JsonBuffer::cents(std::int64_t value) {
    if (value < 0)
        add('-');
    const std::int64_t size = value < 0 ? -value : value;
    number(size / 100);
    add('.');
    two_digits(static_cast<int>(size % 100));
}

void JsonBuffer::hex_digits(std::uint64_t value, int digits) {
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        add("0123456789abcdef"[(value >> shift) & 15]);
}

void JsonBuffer::hex(std::uint64_t value) {
    hex_digits(value, 16);
}

void JsonBuffer::uuid(std::uint64_t high, std::uint64_t low) {
    high = (high & ~0xF000ULL) | 0x4000ULL;
    low = (low & ~(3ULL << 62)) | (2ULL << 62);
    hex_digits(high >> 32, 8);
    add('-');
    hex_digits(high >> 16, 4);
    add('-');
    hex_digits(high, 4);
    add('-');
    hex_digits(low >> 48, 4);
    add('-');
    hex_digits(low, 12);
}

void JsonBuffer::date(std::int64_t day) {
    if (day != m_day) {
        using namespace std::chrono;
        const year_month_day ymd{sys_days{days{day}}};
        const int y = static_cast<int>(ymd.year());
        const auto m = static_cast<int>(static_cast<unsigned>(ymd.month()));
        const auto d = static_cast<int>(static_cast<unsigned>(ymd.day()));
        const int parts[] = {y / 1000 % 10, y / 100 % 10, y / 10 % 10, y % 10, -1,
                             m / 10,        m % 10,       -1,          d / 10, d % 10};
        for (int i = 0; i < 10; ++i)
            m_date[i] = parts[i] < 0 ? '-' : static_cast<char>('0' + parts[i]);
        m_day = day;
    }
    add(std::string_view(m_date, sizeof m_date));
}

void JsonBuffer::time(Micros when) {
    const std::int64_t day = floor_div(when.value(), day_us);
    const std::int64_t ms = (when.value() - day * day_us) / 1000;
    const auto s = static_cast<int>(ms / 1000);
    add('"');
    date(day);
    add('T');
    two_digits(s / 3600);
    add(':');
    two_digits(s / 60 % 60);
    add(':');
    two_digits(s % 60);
    add('.');
    add(static_cast<char>('0' + ms % 1000 / 100));
    two_digits(static_cast<int>(ms % 100));
    add("Z\"");
}

} // namespace weir::synth
