// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/invalid_report.h"

#include <algorithm>
#include <functional>
#include <tuple>
#include <unordered_map>

#include "models/event/disclosure/disclosed_input.h"

namespace weir {

namespace {

bool is_within(const InvalidBucket& bucket, const RecordRange& range) {
    return bucket.end_us > range.from_us && bucket.begin_us < range.to_us;
}

/// What one period has, added up over lanes and stretches.
struct Sums {
    std::unordered_map<InvalidKey, InvalidCell, InvalidKeyHash> cells;
    std::unordered_map<DimensionValues, std::uint64_t, DimensionValuesHash> seen;
    std::unordered_map<InvalidKey, std::vector<InvalidSample>, InvalidKeyHash> samples;
    InvalidTotals totals;
};

void add_total(const InvalidKey& key, std::uint64_t events, InvalidTotals& totals) {
    if (key.bot != 0) {
        totals.bots += events;
        return;
    }
    switch (key.kind) {
    case InvalidKind::Failed:
        totals.failed += events;
        break;
    case InvalidKind::Passed:
        totals.passed += events;
        break;
    case InvalidKind::Unreadable:
        totals.unreadable += events;
        break;
    }
}

bool is_asked_for(const InvalidKey& key, const InvalidQuestion& question) {
    return !question.within || question.within->grouping.of(key) == question.within->key;
}

void add_bucket(const InvalidBucket& bucket, const InvalidQuestion& question, Sums& sums) {
    const InvalidGrouping& grouping = question.grouping;
    for (const auto& [key, cell] : bucket.cells) {
        if (!is_asked_for(key, question))
            continue;
        const InvalidKey row = grouping.of(key);
        sums.cells[row].add(*cell);
        auto& samples = sums.samples[row];
        samples.insert(samples.end(), cell->samples.begin(), cell->samples.end());
        add_total(key, cell->events, sums.totals);
    }
    for (const auto& [values, events] : bucket.seen) {
        sums.seen[grouping.of(values)] += events;
        *sums.totals.of += events;
    }
}

template <class Take>
void each_bucket(const InvalidSeen& seen, Take take) {
    for (const auto& lane : seen.lanes)
        for (const auto& bucket : lane->buckets)
            take(*bucket);
}

bool saw_entries(const InvalidSeen& seen) {
    return std::any_of(seen.lanes.begin(), seen.lanes.end(),
                       [](const auto& lane) { return lane->entered > 0; });
}

Sums sums_of(const InvalidSeen& seen, const InvalidQuestion& question, const RecordRange& range,
             const RecordRange* except) {
    Sums sums;
    sums.totals.of = 0;
    each_bucket(seen, [&](const InvalidBucket& bucket) {
        if (is_within(bucket, range) && (except == nullptr || !is_within(bucket, *except)))
            add_bucket(bucket, question, sums);
    });
    if (!saw_entries(seen))
        sums.totals.of.reset();
    return sums;
}

/// Whether something is known of the time at its beginning.
bool observed_from_the_beginning(const InvalidSeen& seen, const RecordRange& range) {
    bool observed = false;
    each_bucket(seen, [&](const InvalidBucket& bucket) {
        observed = observed || bucket.begin_us <= range.from_us;
    });
    return observed;
}

using FirstSeen = std::unordered_map<InvalidKey, std::int64_t, InvalidKeyHash>;

/// Of all that is held.
FirstSeen first_seen(const InvalidSeen& seen, const InvalidGrouping& grouping) {
    FirstSeen first;
    each_bucket(seen, [&](const InvalidBucket& bucket) {
        for (const auto& [key, cell] : bucket.cells) {
            const auto [at, added] = first.emplace(grouping.of(key), cell->first_us);
            at->second = std::min(at->second, cell->first_us);
        }
    });
    return first;
}

InvalidShare share_of(const Sums& sums, const InvalidKey& row, std::uint64_t events,
                      const InvalidGrouping& grouping) {
    InvalidShare share{events, std::nullopt};
    const auto of = sums.seen.find(row.dimensions);
    const bool known = sums.totals.of && !grouping.producer && of != sums.seen.end();
    if (known && of->second >= events)
        share.of = of->second;
    return share;
}

Severity severity_of(const InvalidKey& key, const ReasonFacts& facts) {
    if (facts.meant || key.bot != 0)
        return Severity::Info;
    return key.kind == InvalidKind::Passed ? Severity::Warning : Severity::Error;
}

/// Texts of a row's key, as they may be shown.
class Texts {
  public:
    Texts(const InvalidSeen& seen, const Vocabulary& vocabulary, const DisclosurePolicy& disclosure)
        : m_vocabulary(vocabulary)
        , m_disclosure(disclosure)
        , m_words(seen.lanes.empty() ? nullptr : seen.lanes.front()->options->words) {}

    void fill(const InvalidGrouping& grouping, InvalidRow& row) const {
        const InvalidKey& key = row.key;
        if (m_words == nullptr)
            return;
        const std::string reason = m_words->reasons.text(key.reason);
        row.facts = reason_facts(reason);
        row.severity = severity_of(key, row.facts);
        row.reason = disclosed_text(m_disclosure, "reason", reason);
        row.message = key.message_masked != 0 ? std::string(InvalidRow::masked_message)
                                              : m_words->messages.text(key.message);
        row.pointer = shown("pointer", key.pointer, m_words->pointers);
        if (grouping.producer)
            row.producer = or_none(shown("source_id", key.producer, m_words->producers));
        if (grouping.place)
            row.topic = key.place == no_place ? "(other)" : m_vocabulary.places->name(key.place);
        for (std::size_t i = 0; i < m_vocabulary.dimension_names.size(); ++i)
            row.values.push_back(
                grouping.dimensions[i]
                    ? or_none(shown(m_vocabulary.dimension_names[i], key.dimensions[i],
                                    *m_vocabulary.dimensions[i]))
                    : std::string());
    }

  private:
    std::string shown(std::string_view name, ValueId id, const Interner& words) const {
        return id == other_value ? words.text(id)
                                 : disclosed_text(m_disclosure, name, words.text(id));
    }
    static std::string or_none(std::string text) { return text.empty() ? "(none)" : text; }

    const Vocabulary& m_vocabulary;
    const DisclosurePolicy& m_disclosure;
    const std::shared_ptr<const InvalidWords> m_words;
};

std::vector<InvalidSample> newest_of(std::vector<InvalidSample> samples) {
    std::sort(samples.begin(), samples.end(), std::greater<>());
    samples.erase(std::unique(samples.begin(), samples.end()), samples.end());
    if (samples.size() > InvalidRow::samples_max)
        samples.resize(InvalidRow::samples_max);
    return samples;
}

bool ranks_before(const InvalidRow& a, const InvalidRow& b) {
    if (a.bot() != b.bot())
        return b.bot();
    if (a.now.events != b.now.events)
        return a.now.events > b.now.events;
    return std::tie(a.reason, a.message, a.pointer, a.values, a.producer, a.topic, a.key.kind) <
           std::tie(b.reason, b.message, b.pointer, b.values, b.producer, b.topic, b.key.kind);
}

} // namespace

InvalidKey InvalidGrouping::of(const InvalidKey& key) const {
    InvalidKey row;
    row.kind = key.kind;
    row.bot = key.bot;
    row.reason = key.reason;
    row.message_masked = message && masks ? key.message_masked : 0;
    row.message = message && row.message_masked == 0 ? key.message : no_value;
    row.pointer = pointer ? key.pointer : no_value;
    row.producer = producer ? key.producer : no_value;
    row.place = place ? key.place : no_place;
    row.dimensions = of(key.dimensions);
    return row;
}

DimensionValues InvalidGrouping::of(const DimensionValues& values) const {
    DimensionValues kept{};
    for (std::size_t i = 0; i < values.size(); ++i)
        kept[i] = dimensions[i] ? values[i] : no_value;
    return kept;
}

std::optional<double> InvalidShare::share() const {
    if (!of || *of == 0)
        return std::nullopt;
    return static_cast<double>(events) / static_cast<double>(*of);
}

std::optional<double> InvalidTotals::share() const {
    return InvalidShare{invalid(), of}.share();
}

std::optional<double> InvalidRow::trend_pp() const {
    const auto share = now.share();
    const auto earlier = before ? before->share() : std::nullopt;
    if (!share || !earlier)
        return std::nullopt;
    constexpr double points = 100;
    return points * (*share - *earlier);
}

InvalidGrouping usual_grouping(const Vocabulary& vocabulary) {
    InvalidGrouping grouping;
    for (const char* name : {"type", "source", "platform", "app_version"})
        if (const int dimension = vocabulary.dimension(name); dimension >= 0)
            grouping.dimensions[static_cast<std::size_t>(dimension)] = true;
    return grouping;
}

std::optional<InvalidGrouping> grouping_by(const Vocabulary& vocabulary, std::string_view name) {
    InvalidGrouping grouping;
    grouping.message = name == "message";
    grouping.pointer = name == "pointer";
    grouping.place = name == "topic";
    if (grouping.message || grouping.pointer || grouping.place || name == "reason")
        return grouping;
    int dimension = vocabulary.dimension(name == "contract_version" ? "schema_version" : name);
    if (dimension < 0 && name == "producer")
        dimension = vocabulary.dimension("source_id");
    if (dimension >= 0)
        grouping.dimensions[static_cast<std::size_t>(dimension)] = true;
    else if (name == "producer")
        grouping.producer = true;
    else
        return std::nullopt;
    return grouping;
}

std::optional<RecordRange> period_before(const RecordRange& range) {
    constexpr RecordRange all;
    if (range.from_us == all.from_us || range.to_us == all.to_us || range.to_us <= range.from_us)
        return std::nullopt;
    return RecordRange{range.from_us - (range.to_us - range.from_us), range.from_us};
}

InvalidReport invalid_report(const InvalidSeen& seen, const Vocabulary& vocabulary,
                             const DisclosurePolicy& disclosure, InvalidQuestion question,
                             const InvalidSeen* before) {
    InvalidReport report;
    question.grouping.masks = disclosure.masks();
    report.question = question;
    for (const auto& lane : seen.lanes) {
        report.overflowed += lane->overflowed;
        report.checks = report.checks || lane->checks;
    }
    Sums now = sums_of(seen, question, question.range, nullptr);
    std::optional<Sums> earlier;
    const InvalidSeen& source = before == nullptr ? seen : *before;
    if (question.before &&
        (before != nullptr || observed_from_the_beginning(source, *question.before)))
        earlier = sums_of(source, question, *question.before,
                          before == nullptr ? &question.range : nullptr);
    const FirstSeen first = first_seen(seen, question.grouping);
    report.now = now.totals;
    if (earlier)
        report.before = earlier->totals;
    const Texts texts(seen, vocabulary, disclosure);
    for (auto& [key, cell] : now.cells) {
        InvalidRow row;
        row.key = key;
        texts.fill(question.grouping, row);
        row.now = share_of(now, key, cell.events, question.grouping);
        row.first_us = first.at(key);
        row.last_us = cell.last_us;
        if (earlier) {
            const auto found = earlier->cells.find(key);
            const bool known = found != earlier->cells.end();
            row.before =
                share_of(*earlier, key, known ? found->second.events : 0, question.grouping);
            row.first_us = known ? std::min(row.first_us, found->second.first_us) : row.first_us;
            row.is_new = !known && row.first_us >= question.range.from_us;
        }
        row.users = std::move(cell.users);
        row.sessions = std::move(cell.sessions);
        row.samples = newest_of(std::move(now.samples[key]));
        report.rows.push_back(std::move(row));
    }
    std::sort(report.rows.begin(), report.rows.end(), ranks_before);
    return report;
}

const char* to_word(InvalidKind kind) {
    switch (kind) {
    case InvalidKind::Failed:
        return "failed";
    case InvalidKind::Passed:
        return "passed";
    case InvalidKind::Unreadable:
        return "unreadable";
    }
    return "";
}

std::vector<InvalidSlice> invalid_slices(const InvalidSeen& seen, const RecordRange& range,
                                         std::int64_t width_us) {
    std::map<std::int64_t, InvalidSlice> slices;
    each_bucket(seen, [&](const InvalidBucket& bucket) {
        if (!is_within(bucket, range) || bucket.begin_us == INT64_MIN)
            return;
        const std::int64_t width = std::max(width_us, bucket.end_us - bucket.begin_us);
        const std::int64_t begin = bucket.begin_us - bucket.begin_us % width;
        InvalidSlice& slice = slices[begin];
        slice.begin_us = begin;
        slice.width_us = std::max(slice.width_us, width);
        for (const auto& [key, cell] : bucket.cells)
            if (key.bot == 0)
                slice.events[{key.kind, key.reason}] += cell->events;
        for (const auto& [values, events] : bucket.seen)
            slice.seen += events;
    });
    std::vector<InvalidSlice> all;
    for (auto& [begin, slice] : slices)
        all.push_back(std::move(slice));
    return all;
}

} // namespace weir
