// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/admin/commit_record.h"

#include <QString>

#include <cassert>
#include <cstdlib>

namespace weir::kafka {

namespace {

constexpr std::int16_t key_version_max = 1;
constexpr std::int16_t value_version_max = 4;
constexpr std::int16_t value_version_flexible = 4; // short lengths, and fields that may be skipped
constexpr std::int64_t time_ms_max = INT64_MAX / 1000;

/// Takes numbers and texts off the front of some bytes; once one is missing, nothing is had.
class Bytes {
  public:
    explicit Bytes(std::string_view bytes)
        : m_rest(bytes) {}

    /// Big-endian, as everything of Kafka's.
    template <class Int>
    Int number() {
        const std::string_view part = take(sizeof(Int));
        std::uint64_t value = 0;
        for (const char c : part)
            value = value << 8 | static_cast<std::uint8_t>(c);
        return static_cast<Int>(value);
    }
    std::string_view text() {
        const auto size = number<std::int16_t>();
        return size < 0 ? refuse() : take(static_cast<std::size_t>(size));
    }
    /// Seven bits a byte, least first.
    std::uint32_t varint() {
        std::uint32_t value = 0;
        for (unsigned shift = 0; shift < 35; shift += 7) {
            const auto byte = number<std::uint8_t>();
            value |= std::uint32_t{byte & 0x7fU} << shift;
            if (byte < 0x80)
                return value;
        }
        refuse();
        return 0;
    }
    /// Its size is one more than it has; 0 would be none at all.
    std::string_view compact_text() {
        const std::uint32_t size = varint();
        return size == 0 ? refuse() : take(size - 1);
    }
    void skip_tagged_fields() {
        for (std::uint32_t left = varint(); left > 0 && m_whole; --left) {
            varint(); // which it is
            take(varint());
        }
    }
    /// All was there, and nothing is left over.
    bool used_up() const { return m_whole && m_rest.empty(); }
    bool whole() const { return m_whole; }

  private:
    std::string_view take(std::size_t size) {
        if (size > m_rest.size())
            return refuse();
        const std::string_view part = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return part;
    }
    std::string_view refuse() {
        m_whole = false;
        m_rest = {};
        return {};
    }

    std::string_view m_rest;
    bool m_whole = true;
};

bool read_value(std::string_view bytes, CommitRecord& record) {
    Bytes value(bytes);
    const auto version = value.number<std::int16_t>();
    if (!value.whole() || version < 0 || version > value_version_max)
        return false;
    const auto offset = value.number<std::int64_t>();
    if (version >= 3)
        value.number<std::int32_t>(); // the leader's epoch
    if (version >= value_version_flexible)
        value.compact_text(); // what the group wrote beside it
    else
        value.text();
    const auto at_ms = value.number<std::int64_t>();
    if (version == 1)
        value.number<std::int64_t>(); // when it expires
    if (version >= value_version_flexible)
        value.skip_tagged_fields();
    if (!value.used_up() || offset < 0 || at_ms < 0 || at_ms > time_ms_max)
        return false;
    record.offset = Offset(offset);
    record.at = Micros::from_ms(at_ms);
    return true;
}

} // namespace

CommitRecord parse_commit(std::string_view key_bytes, std::optional<std::string_view> value) {
    Bytes key(key_bytes);
    const auto version = key.number<std::int16_t>();
    CommitRecord record;
    if (!key.whole() || version < 0)
        return record;
    if (version > key_version_max) {
        record.kind = CommitRecord::Kind::Other;
        return record;
    }
    record.group = key.text();
    record.topic = key.text();
    record.partition = PartitionId(key.number<std::int32_t>());
    if (!key.used_up() || record.partition.value() < 0)
        return {};
    if (!value)
        record.kind = CommitRecord::Kind::Deletion;
    else if (read_value(*value, record))
        record.kind = CommitRecord::Kind::Commit;
    else
        return {};
    return record;
}

PartitionId commits_partition(std::string_view group, std::int32_t partitions) {
    assert(partitions >= 1);
    std::uint32_t hash = 0; // Java's String.hashCode()
    for (const QChar unit : QString::fromUtf8(group.data(), static_cast<qsizetype>(group.size())))
        hash = 31 * hash + unit.unicode();
    const auto number = static_cast<std::int32_t>(hash);
    return PartitionId((number == INT32_MIN ? 0 : std::abs(number)) % partitions);
}

} // namespace weir::kafka
