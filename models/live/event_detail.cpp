// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/event_detail.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "models/contract/violation_masking.h"
#include "models/event/disclosure/disclosed_input.h"
#include "models/event/fold/fold.h"
#include "models/event/worker_thread.h"
#include "models/live/row_sighting.h"

namespace weir {

namespace {

void fill_places(const Segment& segment, std::uint32_t row, const Vocabulary& vocabulary,
                 const DisclosurePolicy& policy, EventDetail& out) {
    const StoredRow& stored = segment.row(row);
    out.connection = vocabulary.places->connection(PlaceId(stored.place));
    out.topic = vocabulary.places->name(PlaceId(stored.place));
    out.partition = PartitionId(stored.partition);
    out.offset = Offset(stored.offset);
    out.ordinal = stored.ordinal;
    out.key_source = static_cast<KeySource>(stored.key_source);
    out.in_batch = stored.in_batch != 0;
    out.events_bytes = segment.event_bytes(row);
    out.record_bytes = segment.record_bytes(row);
    out.record_time = Micros(stored.record_time_us);
    out.timestamp_type = static_cast<TimestampType>(stored.timestamp_type);
    out.observed_time = segment.observed_time(row);
    out.event_time_us = stored.event_time_us;
    out.received_time_us = stored.received_time_us;
    out.outcome = static_cast<Outcome>(stored.outcome);
    out.reason = disclosed_text(policy, "reason", vocabulary.reasons->text(ValueId(stored.reason)));
    if (!vocabulary.dimensions.empty())
        out.type = disclosed_text(policy, vocabulary.dimension_names[0],
                                  vocabulary.dimensions[0]->text(ValueId(stored.dimensions[0])));
}

void fill_bytes(const Segment& segment, std::uint32_t row, FieldFinder& finder,
                Discloser& discloser, EventDetail& out) {
    const StoredRow& stored = segment.row(row);
    std::vector<HeaderView> headers;
    segment.headers(row, headers);
    const EventFields fields = finder.of(stored);
    const DisclosedRecord shown = discloser.disclose(
        stored.key_null != 0, segment.key(row), stored.value_null != 0, segment.body(row),
        headers.data(), headers.size(), segment.value(row), {&fields, 1});
    out.key_null = shown.key_null();
    out.value_null = shown.value_null();
    const auto as_read = segment.as_read(row);
    out.is_masked = shown.is_masked() || (as_read && as_read->masked);
    out.key = std::string(shown.key());
    out.value = std::string(shown.value());
    for (const HeaderView& header : shown.headers())
        out.headers.push_back({std::string(header.name), std::string(header.value), header.null});
    out.masked = shown.masked();
    std::sort(out.masked.begin(), out.masked.end(),
              [](const MaskedSpan& a, const MaskedSpan& b) { return a.begin < b.begin; });
    out.key_masked = shown.key_masked();
    out.is_copy = as_read && as_read->masked;
    out.value_masked = !out.masked.empty() || out.is_copy;
    out.raw = RawBytes(out.value, out.masked, out.masked.size() < max_masked_spans);
    out.is_json = !out.value_null && out.tape.parse(out.value);
    if (out.outcome == Outcome::Failed)
        out.violations = dead_letter_violations(shown.value(), shown.headers());
    if (const auto original = out.is_json ? out.tape.at("/original") : std::nullopt;
        original && out.outcome == Outcome::Failed)
        out.event_at = "/original";
    out.judged = !out.violations.empty();
    if (out.is_json || out.value_null)
        return;
    // A masked copy breaks elsewhere.
    JsonTape raw;
    if (as_read && as_read->masked)
        out.json_error = as_read->json_error;
    else if (!raw.parse(segment.body(row)))
        out.json_error = raw.error();
}

/// What its contract says against the event, unless its dead letter has told. A masked copy is not
/// what was sent: it is not judged.
void check(const Segment& segment, std::uint32_t row, const DisclosurePolicy& policy,
           EventChecker& checker, EventDetail& out) {
    const auto as_read = segment.as_read(row);
    if (out.judged || (as_read && as_read->masked))
        return;
    Sighting sighting;
    restore_sighting(segment.row(row), sighting);
    const Judgement* judgement = checker.check(sighting, segment.body(row), Micros::now());
    if (judgement == nullptr)
        return;
    out.judged = true;
    out.violations = judgement->violations;
    for (Violation& violation : out.violations)
        mask_found(violation, judgement->contract, policy);
}

/// Of a match of a search there is a copy, which is not what the decoder read: who read that is
/// known.
DecodeReport report_of_copy(const Segment& segment, std::uint32_t row,
                            const Vocabulary& vocabulary) {
    const StoredRow& stored = segment.row(row);
    DecodeReport report;
    const std::string dialect = vocabulary.dialects->text(ValueId(stored.dialect));
    if (!dialect.empty())
        report.attempts.push_back({dialect, {}});
    return report;
}

/// Asks the decoder once more, of the whole record: who read it, who tried.
DecodeReport explain(const Segment& segment, std::uint32_t row, const std::string& topic,
                     Decoder& decoder) {
    const RecordBatch batch = segment.record_batch(row, topic);
    return decoder.explain(batch, batch.records.front());
}

} // namespace

const MaskedSpan* EventDetail::masked_within(std::uint32_t begin, std::uint32_t size) const {
    const auto first = std::lower_bound(
        masked.begin(), masked.end(), begin,
        [](const MaskedSpan& span, std::uint32_t at) { return span.begin + span.size <= at; });
    return first != masked.end() && first->begin < begin + size ? &*first : nullptr;
}

/// Shared by the loader and its thread: whichever ends last.
struct EventLoader::Private {
    std::shared_ptr<const Vocabulary> vocabulary;
    Discloser discloser;
    FieldFinder fields;
    std::unique_ptr<Decoder> decoder;      // the thread's own from its start; null: no reports
    std::unique_ptr<EventChecker> checker; // likewise
    std::function<void()> ready;
    Published<EventDetail> published;

    std::mutex mutex;
    std::condition_variable wake;
    std::shared_ptr<const Segment> segment; // guarded by mutex; null: nothing asked for
    std::uint32_t row = 0;                  // guarded by mutex
    std::uint64_t token = 0;                // guarded by mutex
    bool stopping = false;                  // guarded by mutex

    Private(std::shared_ptr<const Vocabulary> words, std::shared_ptr<const DisclosurePolicy> policy)
        : vocabulary(std::move(words))
        , discloser(policy)
        , fields(vocabulary, std::move(policy)) {}

    void run() {
        for (;;) {
            std::shared_ptr<const Segment> wanted;
            auto detail = std::make_shared<EventDetail>();
            std::uint32_t wanted_row = 0;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [&] { return segment || stopping; });
                if (stopping)
                    return;
                wanted = std::move(segment);
                segment = nullptr;
                wanted_row = row;
                detail->token = token;
            }
            fill_places(*wanted, wanted_row, *vocabulary, discloser.policy(), *detail);
            fill_bytes(*wanted, wanted_row, fields, discloser, *detail);
            if (checker)
                check(*wanted, wanted_row, discloser.policy(), *checker, *detail);
            if (wanted->row(wanted_row).as_read != 0)
                detail->report = report_of_copy(*wanted, wanted_row, *vocabulary);
            else if (decoder)
                detail->report = explain(*wanted, wanted_row, detail->topic, *decoder);
            published.set(std::move(detail));
            const std::lock_guard lock(mutex);
            if (!stopping) // whom it tells is there until then
                ready();
        }
    }
};

EventLoader::EventLoader(std::shared_ptr<const Vocabulary> vocabulary,
                         std::shared_ptr<const DisclosurePolicy> disclosure,
                         std::unique_ptr<Decoder> decoder, std::unique_ptr<EventChecker> checker,
                         std::function<void()> ready)
    : d(std::make_shared<Private>(std::move(vocabulary), std::move(disclosure))) {
    d->decoder = std::move(decoder);
    d->checker = std::move(checker);
    d->ready = std::move(ready);
    start_worker([state = d] { state->run(); });
}

EventLoader::~EventLoader() {
    {
        const std::lock_guard lock(d->mutex);
        d->stopping = true;
    }
    d->wake.notify_one();
}

std::uint64_t EventLoader::load(std::shared_ptr<const Segment> segment, std::uint32_t row) {
    std::uint64_t token = 0;
    {
        const std::lock_guard lock(d->mutex);
        d->segment = std::move(segment);
        d->row = row;
        token = ++d->token;
    }
    d->wake.notify_one();
    return token;
}

std::shared_ptr<const EventDetail> EventLoader::detail() const {
    return d->published.get();
}

} // namespace weir
