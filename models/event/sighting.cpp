// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/sighting.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h> // takes XXH3_64bits_withSeed() over to what this processor does best
#else
#include <xxhash.h>
#endif

namespace weir {

namespace {

/// Reads 32 hex digits from `p`, all at once; false if a character is none.
bool parse_hex(const char* p, std::array<std::uint8_t, 16>& bytes) {
    std::uint8_t wrong = 0;
    std::array<std::uint8_t, 32> values;
    for (std::size_t i = 0; i < values.size(); ++i) { // without a branch: the compiler's vectors
        const auto c = static_cast<std::uint8_t>(p[i]);
        const auto digit = static_cast<std::uint8_t>(c - '0');
        const auto letter = static_cast<std::uint8_t>((c | 0x20) - 'a');
        wrong |= static_cast<std::uint8_t>(digit > 9) & static_cast<std::uint8_t>(letter > 5);
        values[i] = digit > 9 ? static_cast<std::uint8_t>(letter + 10) : digit;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(values[2 * i] << 4 | values[2 * i + 1]);
    return wrong == 0;
}

template <class T>
void put_little_endian(T value, std::uint8_t*& to) {
    auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        *to++ = static_cast<std::uint8_t>(bits & 0xFFU);
        bits >>= 8;
    }
}

} // namespace

bool parse_uuid(std::string_view text, std::array<std::uint8_t, 16>& bytes) {
    if (text.size() >= 2 && text.front() == '{' && text.back() == '}')
        text = text.substr(1, text.size() - 2);
    const char* const p = text.data();
    if (text.size() == 32)
        return parse_hex(p, bytes);
    if (text.size() != 36 || p[8] != '-' || p[13] != '-' || p[18] != '-' || p[23] != '-')
        return false;
    std::array<char, 32> digits;
    std::memcpy(&digits[0], p, 8);
    std::memcpy(&digits[8], p + 9, 4);
    std::memcpy(&digits[12], p + 14, 4);
    std::memcpy(&digits[16], p + 19, 4);
    std::memcpy(&digits[20], p + 24, 12);
    return parse_hex(digits.data(), bytes);
}

EventHash hash_event_id(std::string_view id) {
    std::array<std::uint8_t, 16> uuid;
    if (parse_uuid(id, uuid))
        return EventHash(XXH3_64bits_withSeed(uuid.data(), uuid.size(), key_seed));
    return EventHash(XXH3_64bits_withSeed(id.data(), id.size(), key_seed));
}

EventHash hash_coordinates(std::string_view place, PartitionId partition, Offset offset,
                           std::uint16_t ordinal) {
    std::array<std::uint8_t, 14> rest;
    std::uint8_t* to = rest.data();
    put_little_endian(partition.value(), to);
    put_little_endian(offset.value(), to);
    put_little_endian(ordinal, to);
    const std::uint64_t of_place = XXH3_64bits_withSeed(place.data(), place.size(), key_seed);
    return EventHash(XXH3_64bits_withSeed(rest.data(), rest.size(), of_place));
}

std::uint64_t hash_value(std::string_view bytes) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), key_seed);
}

std::shared_ptr<Vocabulary> Vocabulary::create(std::vector<std::string> dimension_names) {
    auto vocabulary = std::make_shared<Vocabulary>();
    std::vector<std::string>& names = vocabulary->dimension_names;
    names = {"type"};
    for (std::string& name : dimension_names) {
        if (names.size() < max_dimensions &&
            std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(std::move(name));
    }
    for (std::size_t i = 0; i < names.size(); ++i)
        vocabulary->dimensions.push_back(std::make_shared<Interner>());
    return vocabulary;
}

int Vocabulary::dimension(std::string_view name) const {
    const auto found = std::find(dimension_names.begin(), dimension_names.end(), name);
    return found == dimension_names.end() ? -1 : static_cast<int>(found - dimension_names.begin());
}

} // namespace weir
