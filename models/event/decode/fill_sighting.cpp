// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What of an event becomes the sighting: id, times, dimensions, reason, origin.
#include <algorithm>

#include "connectors/base/base64.h"
#include "models/event/decode/dialect_decoder.h"
#include "models/event/decode/header_values.h"
#include "models/event/decode/timestamps.h"

namespace weir {

std::string_view DialectDecoder::text(const Capture& capture, std::string& scratch) const {
    if (!capture.escaped)
        return capture.raw();
    scratch.clear();
    append_unescaped(capture.raw(), scratch);
    return scratch;
}

/// The field's value as everybody calls it; valid until the next call.
std::string_view DialectDecoder::word(const PlannedField& field, const Capture& capture) {
    std::string_view value = text(capture, m_scratch);
    if (field.form == FieldForm::ClassName)
        return class_name(value);
    if (field.form == FieldForm::IgluName)
        return iglu_name(value);
    if (field.words != nullptr) {
        for (const auto& [theirs, ours] : *field.words) {
            if (theirs == value)
                return ours;
        }
    }
    return value;
}

TimeState DialectDecoder::time(const PlannedField& field, const Capture* capture, MinuteMemo& memo,
                               Micros& into) {
    if (capture == nullptr)
        return TimeState::Missing;
    if (capture->kind != JsonKind::String && capture->kind != JsonKind::Number)
        return TimeState::Unparsable;
    const std::string_view value = text(*capture, m_scratch);
    Micros parsed;
    bool ok = false;
    if (field.form == FieldForm::EpochMs || field.form == FieldForm::EpochS)
        ok = parse_epoch(value, field.form == FieldForm::EpochMs ? 1'000 : 1'000'000, parsed);
    else if (capture->kind == JsonKind::String)
        ok = parse_rfc3339(value, field.form != FieldForm::Utc, memo, parsed);
    if (!ok)
        return TimeState::Unparsable;
    into = parsed;
    return judge_time(parsed, m_now.observed);
}

void DialectDecoder::fill_from_headers(Sighting& sighting) {
    const HeaderView* const headers = m_now.batch->headers_of(*m_now.record);
    bool replayed = false;
    for (std::size_t i = 0; i < m_now.record->header_count; ++i) {
        const HeaderView& header = headers[i];
        if (header.null || header.name.substr(0, 5) != "weir-")
            continue;
        if (header.name == "weir-replay-run") {
            sighting.replay_run = m_runs.id(header.value);
            replayed = true;
        } else if (header.name == "weir-replay-count") {
            const std::int64_t count = header_integer(header.value).value_or(0);
            sighting.replay_count =
                static_cast<std::uint8_t>(std::clamp<std::int64_t>(count, 0, 255));
        } else if (header.name == "weir-origin") {
            if (const auto origin = header_origin(header.value))
                fill_origin(sighting, origin->topic, origin->partition, origin->offset);
        }
    }
    const PlaceDecoding* const options = m_now.place->options;
    const bool dead_letters = options != nullptr && options->dead_letters;
    // What was replayed or went on still carries the headers of its failure.
    if (!dead_letters && (options != nullptr || replayed))
        return;
    for (const int overlay : m_overlays) {
        m_now.plan = &plan_of(*m_now.place, overlay);
        m_header_captures.assign(m_now.plan->slot_count, Capture());
        read_headers(*m_now.plan, m_header_captures);
        if (m_now.plan->record_shape.matches(m_header_captures)) {
            fill_overlay(sighting, *m_now.plan);
            return;
        }
    }
}

void DialectDecoder::fill_overlay(Sighting& sighting, const ScanPlan& plan) {
    if (plan.dialect->dead_letter)
        sighting.outcome = Outcome::Failed;
    if (const Capture* const reason = plan.reason.find(m_header_captures, nullptr))
        sighting.reason = m_reasons.id(word(plan.reason, *reason));
    const Capture* const topic = plan.origin_topic.find(m_header_captures, nullptr);
    const Capture* const partition = plan.origin_partition.find(m_header_captures, nullptr);
    const Capture* const offset = plan.origin_offset.find(m_header_captures, nullptr);
    if (sighting.origin.known() || topic == nullptr || partition == nullptr || offset == nullptr)
        return;
    const auto number = header_integer(partition->raw());
    const auto position = header_integer(offset->raw());
    if (number && position)
        fill_origin(sighting, topic->raw(), *number, *position);
}

void DialectDecoder::fill_origin(Sighting& sighting, std::string_view topic, std::int64_t partition,
                                 std::int64_t offset) {
    Place* const here = m_now.place;
    const Place& place = place_of(topic);
    sighting.origin = {place.id, PartitionId(static_cast<std::int32_t>(partition)), Offset(offset)};
    sighting.key = hash_coordinates(topic, sighting.origin.partition, sighting.origin.offset, 0);
    sighting.key_source = KeySource::Origin;
    m_last_place = here;
}

void DialectDecoder::fill_fields(Sighting& sighting, const ScanPlan& plan,
                                 const std::vector<Capture>& event,
                                 const std::vector<Capture>* batch) {
    const Capture* const id = plan.id.find(event, nullptr);
    if (id != nullptr && !id->container() && id->size != 0) {
        sighting.key = hash_event_id(word(plan.id, *id));
        sighting.key_source = KeySource::EventId;
    }
    sighting.event_time_state = time(plan.event_time, plan.event_time.find(event, batch),
                                     m_minutes[0], sighting.event_time);
    sighting.sent_time_state =
        time(plan.sent_time, plan.sent_time.find(event, batch), m_minutes[1], sighting.sent_time);
    sighting.received_time_state = time(plan.received_time, plan.received_time.find(event, batch),
                                        m_minutes[2], sighting.received_time);
    for (std::size_t i = 0; i < plan.dimensions.size(); ++i) {
        const Capture* const value = plan.dimensions[i].find(event, batch);
        if (value != nullptr && !value->container())
            sighting.dimensions[i] = m_dimension_values[i].id(word(plan.dimensions[i], *value));
    }
}

void DialectDecoder::fill_event(Sighting& sighting, const ScanPlan& plan,
                                const std::vector<Capture>& event,
                                const std::vector<Capture>* batch) {
    if (plan.original.empty() || !fill_original(sighting, plan, event))
        fill_fields(sighting, plan, event, batch);
    sighting.dialect =
        m_dialect_ids[static_cast<std::size_t>(plan.dialect - m_dialects->all().data())];
    if (plan.dialect->dead_letter) {
        sighting.outcome = Outcome::Failed;
        if (const Capture* const reason = plan.reason.find(event, nullptr))
            sighting.reason = m_reasons.id(word(plan.reason, *reason));
    }
    finish(sighting);
}

/// The event within a dead letter: an object, or its bytes as a text. False: none that a dialect
/// reads.
bool DialectDecoder::fill_original(Sighting& sighting, const ScanPlan& plan,
                                   const std::vector<Capture>& envelope) {
    const auto found = std::find_if(plan.original.begin(), plan.original.end(), [&](const auto& o) {
        return o.first != PathTrie::no_slot && envelope[o.first].present();
    });
    if (found == plan.original.end())
        return false;
    const Capture& capture = envelope[found->first];
    std::string_view original = text(capture, m_original);
    std::optional<std::string> bytes;
    if (found->second) {
        bytes = base64_decoded(original);
        if (!bytes)
            return false;
        original = *bytes;
    }
    for (const int dialect : m_readers) {
        const ScanPlan& inner = plan_of(*m_now.place, dialect);
        if (inner.dialect->body != DialectBody::Json || inner.dialect->dead_letter)
            continue;
        m_inner.resize(inner.slot_count);
        const FieldScan::Outcome outcome =
            m_event_scan.scan(inner.trie, original, inner.batch_slot, 0, m_inner);
        if (outcome.end == nullptr)
            return false;
        read_headers(inner, m_inner);
        if (!m_event_scan.batch_found() && inner.record_shape.matches(m_inner) &&
            inner.event_shape.matches(m_inner)) {
            fill_fields(sighting, inner, m_inner, nullptr);
            return true;
        }
    }
    return false;
}

/// What every sighting has, however it was read.
void DialectDecoder::finish(Sighting& sighting) {
    if (sighting.key_source == KeySource::Coordinates)
        sighting.key = hash_coordinates(m_now.place->name, sighting.partition, sighting.offset,
                                        sighting.ordinal);
    else if (sighting.key_source == KeySource::Origin && sighting.ordinal != 0)
        sighting.key =
            hash_coordinates(m_vocabulary->places->name(sighting.origin.place),
                             sighting.origin.partition, sighting.origin.offset, sighting.ordinal);
    const PlaceDecoding* const options = m_now.place->options;
    if (options != nullptr && options->dead_letters && sighting.outcome == Outcome::Seen)
        sighting.outcome = Outcome::Failed;
    if (sighting.outcome == Outcome::Failed && sighting.reason == no_value)
        sighting.reason = m_reasons.id("unspecified");
}

void DialectDecoder::set_body(Sighting& sighting, std::string_view body) const {
    sighting.body_begin = static_cast<std::uint32_t>(body.data() - m_now.record->value.data());
    sighting.body_size = static_cast<std::uint32_t>(body.size());
}

} // namespace weir
