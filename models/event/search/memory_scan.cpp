// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/memory_scan.h"

#include <map>

namespace weir {

namespace {

constexpr std::size_t chunk_records = 4096;

class MemoryScan : private Scanner::Verdicts {
  public:
    MemoryScan(std::string connection, const ScanParts& parts, SearchShared& shared,
               SearchOutlet& outlet)
        : m_connection(std::move(connection))
        , m_vocabulary(parts.vocabulary)
        , m_scanner(parts)
        , m_shared(shared)
        , m_outlet(outlet) {}

    /// False: no more is wanted.
    bool scan(const Segment& segment, std::uint32_t rows) {
        for (std::uint32_t row = 0; row < rows && !m_shared.stop.load(); ++row) {
            add(segment, row);
            if (m_batch.records.size() >= chunk_records && !judge())
                return false;
        }
        return judge();
    }

  private:
    /// The topic's name, kept at one address; null: not a place of this connection.
    const std::string* topic_of(std::uint16_t place) {
        const auto known = m_topics.find(place);
        if (known != m_topics.end())
            return known->second.get();
        std::unique_ptr<std::string> name;
        if (m_vocabulary->places->connection(PlaceId(place)) == m_connection)
            name = std::make_unique<std::string>(m_vocabulary->places->name(PlaceId(place)));
        return m_topics.emplace(place, std::move(name)).first->second.get();
    }

    void add(const Segment& segment, std::uint32_t row) {
        const StoredRow& stored = segment.row(row);
        const std::string* topic = stored.shares_record ? nullptr : topic_of(stored.place);
        if (topic == nullptr)
            return;
        SearchSlot* slot = m_shared.slots.find(*topic, PartitionId(stored.partition));
        if (slot == nullptr || stored.offset < slot->from.value() ||
            stored.offset >= slot->to.value())
            return;
        segment.append_record(row, *topic, m_batch);
        m_slots.push_back(slot);
    }

    bool judge() {
        m_scanner.drop_hopeless(m_batch);
        const bool more = m_scanner.judge(std::move(m_batch), *this);
        m_batch = RecordBatch();
        m_slots.clear();
        return more;
    }

    bool matched(std::uint32_t number, const HitView& hit, bool /*last*/) override {
        return m_outlet.offer_known(*m_slots[m_scanner.kept()[number]], hit);
    }
    void undecodable(std::uint32_t /*number*/) override {}
    void cut(const Record& /*record*/, std::uint64_t /*left_out*/) override {} // the topic tells

    const std::string m_connection;
    const std::shared_ptr<const Vocabulary> m_vocabulary;
    Scanner m_scanner;
    SearchShared& m_shared;
    SearchOutlet& m_outlet;
    std::map<std::uint16_t, std::unique_ptr<std::string>> m_topics;
    RecordBatch m_batch;
    std::vector<SearchSlot*> m_slots; // of the batch's records, before any is thrown out
};

} // namespace

void scan_memory(const std::vector<std::shared_ptr<const LaneSnapshot>>& memory,
                 const std::string& connection, const ScanParts& parts, SearchShared& shared,
                 SearchOutlet& outlet) {
    MemoryScan scan(connection, parts, shared, outlet);
    for (const auto& lane : memory)
        for (std::size_t i = lane->segments.size(); i-- > 0;)
            if (!scan.scan(*lane->segments[i], lane->rows_in(i)))
                return;
}

} // namespace weir
