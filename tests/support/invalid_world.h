// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small world for tests of invalid events: records as a broker would hand them in, decoded as
// ever, and the books they fill, one a lane.
// Thread contract: one owner.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/event/filter/time_text.h"
#include "models/invalid/invalid_report.h"

namespace weir::test {

/// One record; ' stands for " in `value`.
struct InvalidRecord {
    std::string value;
    std::string topic = "invalid_events";
    std::int64_t second = 0; // after noon
    std::vector<std::pair<std::string, std::optional<std::string>>> headers = {};
    std::int32_t partition = 0;
};

class InvalidWorld {
  public:
    static constexpr std::int64_t second_us = 1'000'000;
    static constexpr std::int64_t minute_us = 60 * second_us;

    explicit InvalidWorld(int lane_count = 1, InvalidOptions told = {})
        : noon_us(parse_instant("2026-11-20T12:00:00Z")->value()) {
        told.connection = "test";
        told.dialects = dialects;
        if (told.dead_letters.empty())
            told.dead_letters = {"invalid_events"};
        if (told.entries.empty())
            told.entries = {"raw_events"};
        options = std::make_shared<const InvalidOptions>(std::move(told));
        for (int i = 0; i < lane_count; ++i)
            lanes.push_back(std::make_unique<InvalidBook>(words, options));
    }

    SightingBatch decoded(const std::vector<InvalidRecord>& records) {
        RecordBatchBuilder builder;
        for (InvalidRecord record : records) {
            std::replace(record.value.begin(), record.value.end(), '\'', '"');
            builder.add({.topic = record.topic,
                         .partition = PartitionId(record.partition),
                         .offset = Offset(m_next_offset++),
                         .timestamp = Micros(noon_us + record.second * second_us),
                         .headers = record.headers,
                         .value = record.value});
        }
        DecodeOptions decode;
        decode.connection = "test";
        for (const std::string& topic : options->dead_letters)
            decode.places.push_back({topic, "", {}, true});
        SightingBatch batch;
        Decoder::create(dialects, words, decode)->decode(builder.take(), batch);
        for (Sighting& s : batch.sightings)
            s.observed_time = Micros(noon_us + 24 * 60 * minute_us);
        return batch;
    }
    /// By the lane of its partition.
    void see(const std::vector<InvalidRecord>& records) {
        for (const InvalidRecord& record : records)
            lanes[static_cast<std::size_t>(record.partition) % lanes.size()]->absorb(
                decoded({record}));
        for (const auto& lane : lanes)
            lane->publish();
    }
    InvalidSeen seen() const {
        InvalidSeen all;
        for (const auto& lane : lanes)
            all.lanes.push_back(lane->snapshot());
        return all;
    }
    InvalidReport report(InvalidQuestion question) const {
        return invalid_report(seen(), *words, *DisclosurePolicy::none(), question);
    }
    InvalidReport report() const {
        InvalidQuestion question;
        question.grouping = usual_grouping(*words);
        return report(question);
    }
    InvalidReport report_by(const char* name) const {
        InvalidQuestion question;
        question.grouping = *grouping_by(*words, name);
        return report(question);
    }

    /// "failed wrong_type /properties/price purchase android 4.7.1: 2 of 3, 1 users", a line a row.
    std::string text(const InvalidReport& report) const {
        std::string out;
        for (const InvalidRow& row : report.rows) {
            out += to_word(row.key.kind);
            for (const std::string& part : {row.reason, row.message, row.pointer})
                out += part.empty() ? "" : " " + part;
            for (const std::string& value : row.values)
                out += value.empty() || value == "(none)" ? "" : " " + value;
            out += row.producer.empty() ? "" : " " + row.producer;
            out += ": " + std::to_string(row.now.events) +
                   (row.now.of ? " of " + std::to_string(*row.now.of) : "") + ", " +
                   std::to_string(row.users.estimate()) + " users\n";
        }
        return out;
    }

    std::shared_ptr<Vocabulary> words =
        Vocabulary::create({"type", "source", "platform", "app_version", "schema_version"});
    std::shared_ptr<const DialectSet> dialects = DialectSet::built_in();
    std::shared_ptr<const InvalidOptions> options;
    std::vector<std::unique_ptr<InvalidBook>> lanes;
    const std::int64_t noon_us;

  private:
    std::int64_t m_next_offset = 0;
};

/// A native event; ' stands for ".
inline std::string native_event(const std::string& user, const std::string& version = "4.7.1",
                                const std::string& type = "purchase") {
    return "{'event_id':'e-" + user + "','event_type':'" + type +
           "','schema_version':1,'session_id':'s-" + user + "','user_id':'" + user +
           "','source':'client','source_id':'shop-app','platform':'android','event_time':"
           "'2026-11-20T12:00:00Z','context':{'app_version':'" +
           version + "'},'properties':{'price':'x'}}";
}

/// A native dead letter of such an event.
inline std::string dead_letter(const std::string& reason, const std::string& pointer,
                               const std::string& event, const std::string& message = "as it is") {
    return "{'reason':'" + reason + "','stage':'collect','pointer':'" + pointer + "','message':'" +
           message + "','violations':[],'original':" + event + "}";
}

} // namespace weir::test
