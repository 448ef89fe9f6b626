// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/hit.h"

#include <cstring>
#include <type_traits>

namespace weir {

namespace {

struct PackedHead {
    std::uint64_t size; // of the whole hit, this head included
    std::int64_t offset;
    std::int64_t time_us;
    std::uint64_t value_size;
    std::uint32_t key_size;
    std::uint32_t topic_size;
    const FieldPaths* paths;
    AsRead as_read;
    Sighting sighting; // if has_sighting
    std::uint32_t body_begin;
    std::uint32_t body_size;
    std::uint32_t header_count;
    std::uint32_t violations_size;
    std::int32_t partition;
    std::uint16_t ordinal;
    std::uint8_t timestamp_type;
    bool has_sighting;
    bool in_batch;
    bool key_null;
    bool value_null;
    bool masked;
    bool undecodable;
};
static_assert(std::is_trivially_copyable_v<PackedHead>);

struct PackedHeader {
    std::uint32_t name_size;
    std::uint32_t value_size;
    std::uint64_t null;
};

template <class T>
void append_plain(const T& value, std::string& out) {
    out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

} // namespace

HitView make_hit(const Record& record, const DisclosedRecord& disclosed) {
    HitView hit;
    hit.topic = record.topic;
    hit.partition = record.partition;
    hit.offset = record.offset;
    hit.time = record.timestamp;
    hit.timestamp_type = record.timestamp_type;
    hit.key_null = disclosed.key_null();
    hit.value_null = disclosed.value_null();
    hit.masked = disclosed.is_masked();
    hit.key = disclosed.key();
    hit.value = disclosed.value();
    hit.body_size = static_cast<std::uint32_t>(hit.value.size());
    hit.headers = disclosed.headers().data();
    hit.header_count = disclosed.headers().size();
    return hit;
}

std::uint32_t record_bytes(const Record& record, const HeaderView* headers) {
    std::size_t size = record.key.size() + record.value.size();
    for (std::size_t i = 0; i < record.header_count; ++i)
        size += headers[i].name.size() + headers[i].value.size();
    return static_cast<std::uint32_t>(size);
}

void pack_hit(const HitView& hit, std::string& out) {
    const std::size_t begin = out.size();
    PackedHead head{};
    head.offset = hit.offset.value();
    head.time_us = hit.time.value();
    head.value_size = hit.value.size();
    head.key_size = static_cast<std::uint32_t>(hit.key.size());
    head.topic_size = static_cast<std::uint32_t>(hit.topic.size());
    head.header_count = static_cast<std::uint32_t>(hit.header_count);
    head.violations_size = static_cast<std::uint32_t>(hit.violations.size());
    head.paths = hit.paths;
    head.body_begin = hit.body_begin;
    head.body_size = hit.body_size;
    head.partition = hit.partition.value();
    head.timestamp_type = static_cast<std::uint8_t>(hit.timestamp_type);
    head.key_null = hit.key_null;
    head.value_null = hit.value_null;
    head.masked = hit.masked;
    head.undecodable = hit.undecodable;
    head.in_batch = hit.in_batch;
    head.ordinal = hit.ordinal;
    head.as_read = hit.as_read;
    head.has_sighting = hit.sighting != nullptr;
    if (hit.sighting != nullptr)
        head.sighting = *hit.sighting;
    append_plain(head, out);
    for (std::size_t i = 0; i < hit.header_count; ++i) {
        const HeaderView& header = hit.headers[i];
        append_plain(PackedHeader{static_cast<std::uint32_t>(header.name.size()),
                                  static_cast<std::uint32_t>(header.value.size()),
                                  header.null ? 1U : 0U},
                     out);
        out.append(header.name).append(header.value);
    }
    out.append(hit.topic).append(hit.key).append(hit.value).append(hit.violations);
    const std::uint64_t size = out.size() - begin;
    std::memcpy(out.data() + begin, &size, sizeof size);
}

std::size_t UnpackedHit::unpack(std::string_view bytes) {
    PackedHead head;
    if (bytes.size() < sizeof head)
        return 0;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (head.size < sizeof head || head.size > bytes.size())
        return 0;
    std::size_t at = sizeof head;
    const auto take = [&](std::size_t size) {
        const std::string_view part = bytes.substr(at, size);
        at += size;
        return part;
    };
    m_headers.clear();
    for (std::uint32_t i = 0; i < head.header_count; ++i) {
        PackedHeader packed;
        if (at + sizeof packed > head.size)
            return 0;
        std::memcpy(&packed, bytes.data() + at, sizeof packed);
        at += sizeof packed;
        if (at + packed.name_size + packed.value_size > head.size)
            return 0;
        HeaderView header;
        header.name = take(packed.name_size);
        header.value = take(packed.value_size);
        header.null = packed.null != 0;
        m_headers.push_back(header);
    }
    if (at + head.topic_size + head.key_size + head.value_size + head.violations_size != head.size)
        return 0;
    m_view.topic = take(head.topic_size);
    m_view.key = take(head.key_size);
    m_view.value = take(head.value_size);
    m_view.violations = take(head.violations_size);
    m_view.partition = PartitionId(head.partition);
    m_view.offset = Offset(head.offset);
    m_view.time = Micros(head.time_us);
    m_view.timestamp_type = static_cast<TimestampType>(head.timestamp_type);
    m_view.key_null = head.key_null;
    m_view.value_null = head.value_null;
    m_view.masked = head.masked;
    m_view.undecodable = head.undecodable;
    m_view.in_batch = head.in_batch;
    m_view.ordinal = head.ordinal;
    m_view.as_read = head.as_read;
    m_sighting = head.sighting;
    m_view.sighting = head.has_sighting ? &m_sighting : nullptr;
    m_view.paths = head.paths;
    m_view.body_begin = head.body_begin;
    m_view.body_size = head.body_size;
    m_view.headers = m_headers.data();
    m_view.header_count = m_headers.size();
    return head.size;
}

} // namespace weir
