// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Records in, text out: what the decoder's tests are written in.
#pragma once

#include <QtCore/QFile>
#include <QtCore/QString>
#include <string>
#include <vector>

#include "models/event/decode/decoder.h"
#include "tests/support/source_path.h"

namespace weir::test {

inline std::string fixture(const std::string& name) {
    QFile file(QString::fromStdString(source_path("tests/fixtures/dialects/" + name)));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// 2026-11-21T00:00:00Z: "now" of every test.
inline constexpr Micros observed{1'795'219'200'000'000};

class DecodeStory {
  public:
    using Headers = std::vector<std::pair<std::string, std::optional<std::string>>>;

    explicit DecodeStory(DecodeOptions options = {},
                         std::vector<std::string> dimensions = {"type", "source", "platform",
                                                                "app_version", "schema_version"})
        : vocabulary(Vocabulary::create(std::move(dimensions)))
        , decoder(Decoder::create(DialectSet::built_in(), vocabulary, std::move(options))) {}

    /// Decodes one record of topic t, partition 0, at the next offset.
    const std::vector<Sighting>& read(const std::string& value, const Headers& headers = {},
                                      const std::string& topic = "t") {
        add(value, headers, topic);
        return decode();
    }
    void add(const std::string& value, const Headers& headers = {}, const std::string& topic = "t",
             bool value_null = false, Micros time = observed) {
        RecordBatchBuilder::Fields fields;
        fields.topic = topic;
        fields.offset = Offset(m_next_offset++);
        fields.timestamp = time;
        fields.headers = headers;
        fields.value = value;
        fields.value_null = value_null;
        m_builder.add(std::move(fields));
    }
    const std::vector<Sighting>& decode(std::vector<PartitionEvent> events = {}) {
        RecordBatch batch = m_builder.take();
        batch.observed = observed;
        batch.events = std::move(events);
        decoder->decode(std::move(batch), out);
        return out.sightings;
    }
    DecodeReport explain(const std::string& value, const Headers& headers = {}) {
        add(value, headers);
        const RecordBatch batch = m_builder.take();
        return decoder->explain(batch, batch.records.front());
    }

    std::string dimension(const Sighting& s, const std::string& name) const {
        const auto i = static_cast<std::size_t>(vocabulary->dimension(name));
        return vocabulary->dimensions[i]->text(s.dimensions[i]);
    }
    std::string dialect(const Sighting& s) const { return vocabulary->dialects->text(s.dialect); }
    std::string reason(const Sighting& s) const { return vocabulary->reasons->text(s.reason); }

    /// "native seen id type=purchase source=client … event=1795170930123456 sent=missing"
    std::string line(const Sighting& s) const {
        static const char* const outcomes[] = {"seen", "failed", "tombstone", "undecodable"};
        static const char* const keys[] = {"id", "origin", "coordinates"};
        std::string text = dialect(s) + " " + outcomes[static_cast<int>(s.outcome)] + " " +
                           keys[static_cast<int>(s.key_source)];
        if (s.reason != no_value)
            text += " reason=" + reason(s);
        for (std::size_t i = 0; i < vocabulary->dimensions.size(); ++i) {
            if (s.dimensions[i] != no_value)
                text += " " + vocabulary->dimension_names[i] + "=" +
                        vocabulary->dimensions[i]->text(s.dimensions[i]);
        }
        return text + time(" event=", s.event_time, s.event_time_state) +
               time(" sent=", s.sent_time, s.sent_time_state) +
               time(" received=", s.received_time, s.received_time_state);
    }
    std::string lines() const {
        std::string text;
        for (const Sighting& s : out.sightings)
            text += line(s) + "\n";
        return text;
    }

    std::shared_ptr<Vocabulary> vocabulary;
    std::unique_ptr<Decoder> decoder;
    SightingBatch out;

  private:
    /// Times count from 2026-11-20T10:15:00Z, in milliseconds.
    static std::string time(const char* name, Micros time, TimeState state) {
        switch (state) {
        case TimeState::Missing:
            return "";
        case TimeState::Unparsable:
            return std::string(name) + "unparsable";
        case TimeState::Implausible:
            return std::string(name) + "implausible";
        case TimeState::Present:
            break;
        }
        return name + std::to_string((time - Micros(1'795'169'700'000'000)).ms()) + "ms";
    }

    RecordBatchBuilder m_builder;
    std::int64_t m_next_offset = 0;
};

} // namespace weir::test
