// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/latency_cell.h"

#include <algorithm>
#include <optional>

#include "models/event/decode/header_values.h"
#include "models/event/fold/kept_bytes.h"

namespace weir {
namespace {

constexpr std::size_t raw = measure_index(PlaceMeasure::EventToRecord, ClockPolicy::Raw);
constexpr std::size_t snowplow = measure_index(PlaceMeasure::EventToRecord, ClockPolicy::Snowplow);
constexpr std::size_t segment = measure_index(PlaceMeasure::EventToRecord, ClockPolicy::Segment);
constexpr std::size_t capped = measure_index(PlaceMeasure::EventToRecord, ClockPolicy::Capped);
static_assert(raw + 1 == snowplow && snowplow + 1 == segment && segment + 1 == capped &&
              capped + 1 == place_measures);

/// Whose sketch says the same as this one's, as long as the two have not differed.
constexpr std::size_t twin(std::size_t measure) {
    return measure == segment ? snowplow : measure == capped ? raw : measure;
}

} // namespace

PlaceSample PlaceSample::of(const Sighting& s) {
    PlaceSample sample;
    const auto set = [&](std::size_t measure, Micros duration) {
        sample.durations[measure] = QuantileSketch::Sample(duration.value());
        sample.known |= static_cast<std::uint8_t>(1U << measure);
    };
    const bool sent = s.sent_time_state == TimeState::Present;
    const bool received = s.received_time_state == TimeState::Present;
    const bool recorded = s.timestamp_type != TimestampType::None;
    if (sent && s.event_time_state == TimeState::Present)
        set(measure_index(PlaceMeasure::EventToSent), s.sent_time - s.event_time);
    if (sent && received)
        set(measure_index(PlaceMeasure::SentToReceived), s.received_time - s.sent_time);
    if (!recorded)
        return sample;
    if (received)
        set(measure_index(PlaceMeasure::ReceivedToRecord), s.record_time - s.received_time);
    std::array<std::optional<Micros>, clock_policies.size()> happened;
    for (std::size_t i = 0; i < clock_policies.size(); ++i) {
        happened[i] = event_time(s, clock_policies[i]);
        const std::size_t measure = raw + i;
        if (!happened[i])
            continue;
        if (twin(measure) != measure && happened[i] == happened[twin(measure) - raw]) {
            sample.durations[measure] = sample.durations[twin(measure)];
            sample.known |= static_cast<std::uint8_t>(1U << measure);
        } else {
            set(measure, s.record_time - *happened[i]);
        }
    }
    sample.diverges = happened[segment - raw] != happened[snowplow - raw] ||
                      happened[capped - raw] != happened[0];
    return sample;
}

void PlaceSample::add_processing(const RecordBatch& batch, const Record& record) {
    constexpr std::size_t measure = measure_index(PlaceMeasure::Processing);
    const HeaderView* const headers = batch.headers_of(record);
    std::optional<std::int64_t> in_us, out_us;
    for (std::size_t i = 0; i < record.header_count; ++i) {
        if (headers[i].null)
            continue;
        if (headers[i].name == "weir-in-us")
            in_us = header_integer(headers[i].value);
        else if (headers[i].name == "weir-out-us")
            out_us = header_integer(headers[i].value);
    }
    std::int64_t taken_us = 0; // headers are hostile input, too: any numbers may stand in them
    if (!in_us || !out_us || __builtin_sub_overflow(*out_us, *in_us, &taken_us))
        return;
    durations[measure] = QuantileSketch::Sample(taken_us);
    known |= static_cast<std::uint8_t>(1U << measure);
}

/// Counts the event, and has the sketches that it goes into.
void LatencyCell::expect(const PlaceSample& sample) {
    ++events;
    if (sketches.empty())
        sketches.resize(segment);
    if (sample.diverges && sketches.size() == segment) {
        sketches.reserve(place_measures);
        sketches.push_back(sketches[snowplow]);
        sketches.push_back(sketches[raw]);
    }
}

void LatencyCell::add(std::span<LatencyCell* const> cells, std::span<const PlaceSample> samples) {
    for (std::size_t i = 0; i < cells.size(); ++i)
        cells[i]->expect(samples[i]);
    for (std::size_t measure = 0; measure < place_measures; ++measure)
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (samples[i].knows(measure) && measure < cells[i]->sketches.size())
                cells[i]->sketches[measure].add(samples[i].durations[measure]);
}

void LatencyCell::merge(const LatencyCell& other) {
    events += other.events;
    const std::size_t most = std::max(sketches.size(), other.sketches.size());
    for (std::size_t measure = sketches.size(); measure < most; ++measure)
        sketches.push_back(twin(measure) < measure ? sketches[twin(measure)] : QuantileSketch());
    for (std::size_t measure = 0; measure < most; ++measure)
        if (const QuantileSketch* const theirs = other.sketch(measure))
            sketches[measure].merge(*theirs);
}

LatencyCell LatencyCell::since(const LatencyCell* before) const {
    if (before == nullptr)
        return *this;
    LatencyCell more;
    more.events = events - before->events;
    for (std::size_t measure = 0; measure < sketches.size(); ++measure) {
        const QuantileSketch* const then = before->sketch(measure);
        more.sketches.push_back(then != nullptr ? sketches[measure].since(*then)
                                                : sketches[measure]);
    }
    return more;
}

std::string LatencyCell::encode() const {
    std::string out;
    append_varint(events, out);
    append_varint(sketches.size(), out);
    for (const QuantileSketch& one : sketches)
        append_kept_text(one.encode(), out);
    return out;
}

Result<LatencyCell> LatencyCell::decode(std::string_view bytes) {
    const Error broken{.code = ErrorCode::Corrupt, .what = "these bytes are no cell of latencies"};
    LatencyCell cell;
    std::uint64_t count = 0;
    if (!read_varint(bytes, cell.events) || !read_varint(bytes, count) || count > place_measures)
        return broken;
    for (; count > 0; --count) {
        std::string_view text;
        if (!read_kept_text(bytes, text))
            return broken;
        auto sketch = QuantileSketch::decode(text);
        if (!sketch)
            return sketch.error();
        cell.sketches.push_back(*std::move(sketch));
    }
    if (!bytes.empty())
        return broken;
    return cell;
}

const QuantileSketch* LatencyCell::sketch(std::size_t measure) const {
    const std::size_t at = measure < sketches.size() ? measure : twin(measure);
    return at < sketches.size() ? &sketches[at] : nullptr;
}

} // namespace weir
