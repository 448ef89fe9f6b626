// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who reads a record, and why the others do not.
#include <algorithm>

#include "models/event/decode/dialect_decoder.h"
#include "models/event/json/utf8.h"

namespace weir {

/// Who is asked, in the order in which read_value() asks.
std::vector<int> DialectDecoder::candidates(const Place& place) const {
    std::vector<int> order = place.family.empty() ? m_readers : place.family;
    const auto last = std::find(order.begin(), order.end(), place.last);
    if (last != order.end())
        std::rotate(order.begin(), last, last + 1);
    if (place.lenient != any_dialect)
        order.push_back(place.lenient);
    return order;
}

DecodeReport DialectDecoder::explain(const RecordBatch& batch, const Record& record) {
    DecodeReport report;
    Place& place = place_of(record.topic);
    m_now = {&batch, &record, &place, nullptr, Micros::now()};
    if (record.value_null) {
        report.attempts.push_back({"tombstone", ""});
        return report;
    }
    if (record.value.size() > m_options.max_payload_bytes) {
        report.attempts.push_back({"hex", ""});
        return report;
    }
    m_is_json = false;
    std::string not_json;
    const std::vector<int> order = candidates(place);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const int dialect = order[i];
        const bool strict = place.lenient == any_dialect || i + 1 < order.size();
        const Refusal refusal = attempt(dialect, strict);
        const std::string& name = m_dialects->all()[static_cast<std::size_t>(dialect)].name;
        if (refusal.why == nullptr) {
            report.attempts.push_back({name, ""});
            return report;
        }
        std::string why = refusal.why;
        if (refusal.not_json) {
            why = unread_json_text(why) + " at byte " + std::to_string(refusal.offset);
            not_json = why;
        } else if (refusal.needed != 0) {
            why += ": " + std::to_string(refusal.found) + " of the " +
                   std::to_string(refusal.needed) + " it takes";
        }
        report.attempts.push_back({name, why});
    }
    if (!m_is_json) {
        JsonTape tape;
        m_is_json = tape.parse(record.value);
        if (!m_is_json)
            not_json = unread_json_text(tape.error().what) + " at byte " +
                       std::to_string(tape.error().offset);
    }
    report.attempts.push_back({"json", m_is_json ? "" : not_json});
    if (m_is_json)
        return report;
    const std::size_t valid = utf8_valid_prefix(record.value);
    const bool is_text = valid == record.value.size();
    report.attempts.push_back(
        {"text", is_text ? "" : "not UTF-8 at byte " + std::to_string(valid)});
    if (!is_text)
        report.attempts.push_back({"hex", ""});
    return report;
}

} // namespace weir
