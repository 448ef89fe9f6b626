// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/warehouse/event_identity.h"

#include <array>
#include <limits>

namespace weir::sandbox {
namespace {

constexpr std::size_t key_bytes_max = 1'000;

/// 01234567-89ab-…, as UUIDs are kept.
std::string canonical(const std::array<std::uint8_t, 16>& uuid) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += hex[uuid[i] >> 4];
        text += hex[uuid[i] & 0xF];
    }
    return text;
}

} // namespace

std::string_view id_text(const StageInput& event, std::string& scratch) {
    const std::string_view id = event.fields.text(event.tape, EventField::Id, scratch);
    std::array<std::uint8_t, 16> uuid{};
    if (!parse_uuid(id, uuid))
        return id;
    scratch = canonical(uuid);
    return scratch;
}

OriginText origin_of(const StageInput& event) {
    const auto told = header_origin(event.header("weir-origin"));
    if (told && told->partition <= std::numeric_limits<std::int32_t>::max())
        return *told;
    const Record& record = event.record;
    return {record.topic, record.partition.value(), record.offset.value()};
}

std::string text_of(const OriginText& origin) {
    return std::string(origin.topic) + "/" + std::to_string(origin.partition) + "/" +
           std::to_string(origin.offset);
}

bool fits_key(std::string_view text) {
    return !text.empty() && text.size() <= key_bytes_max &&
           text.find('\0') == std::string_view::npos;
}

std::string key_text(const StageInput& event) {
    std::string scratch;
    const std::string_view id = id_text(event, scratch);
    if (fits_key(id))
        return std::string(id);
    const std::string origin = text_of(origin_of(event));
    if (fits_key(origin))
        return origin;
    const Record& record = event.record; // a header that says no place
    return text_of({record.topic, record.partition.value(), record.offset.value()});
}

} // namespace weir::sandbox
