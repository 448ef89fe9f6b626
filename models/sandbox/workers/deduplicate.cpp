// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/deduplicate.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <xxhash.h>

#include "models/event/sighting.h"
#include "models/sandbox/workers/event_contract.h"
#include "models/sandbox/workers/remediate.h"

namespace weir::sandbox {
namespace {

using Id = std::array<std::uint64_t, 2>;

Id hash_of(std::string_view text, std::uint64_t seed) {
    const XXH128_hash_t hash = XXH3_128bits_withSeed(text.data(), text.size(), seed);
    return {hash.high64, hash.low64};
}

// A business key may have the same text as an id; they must not meet.
constexpr std::uint64_t id_seed = 1;
constexpr std::uint64_t business_seed = 2;

StageInfo deduplicate_info() {
    return {.name = "deduplicate",
            .purpose = "Of events with the same id, or the same business key, lets the first pass.",
            .inputs = {"raw_events"},
            .outputs = {"unique_events"},
            .state_topic = "deduplicate_state",
            .guarantees = {"No event id passes twice within the window.",
                           "The first one passes unchanged, byte for byte.",
                           "An event without an id passes: it cannot be told from another.",
                           "An event that was repaired and goes in again passes once more."},
            .slo_p95_us = 2'000'000};
}

std::string_view bytes_of(const Id& id) {
    return {reinterpret_cast<const char*>(id.data()), sizeof id};
}

/// The number that all of `text` is.
bool read_all(std::string_view text, auto& number, int base = 10) {
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number, base);
    return !text.empty() && read.ec == std::errc() && read.ptr == end;
}

/// The next word of `text`, which then begins behind it.
std::string_view take_word(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

} // namespace

/// "µs content", in decimal and hex, and where it went in again, how often.
std::string Deduplicate::text_of(const Seen& seen) {
    std::array<char, 16> hex{};
    const auto end = std::to_chars(hex.data(), hex.data() + hex.size(), seen.content, 16).ptr;
    std::string text = std::to_string(seen.at.value()) + " " + std::string(hex.data(), end);
    return seen.replays > 0 ? text + " " + std::to_string(seen.replays) : text;
}

Deduplicate::Deduplicate(std::shared_ptr<const ContractShelf> contracts, DeduplicateOptions options)
    : m_info(deduplicate_info())
    , m_contracts(std::move(contracts))
    , m_options(options) {}

std::optional<Id> Deduplicate::id_of(const StageInput& input) {
    const std::string_view text = input.fields.text(input.tape, EventField::Id, m_scratch);
    if (text.empty())
        return {};
    std::array<std::uint8_t, 16> uuid{};
    if (!parse_uuid(text, uuid))
        return hash_of(text, id_seed);
    Id id{};
    std::memcpy(id.data(), uuid.data(), uuid.size());
    return id;
}

std::optional<Id> Deduplicate::business_id(const StageInput& input) {
    const auto contracts = m_contracts ? m_contracts->get() : nullptr;
    if (!contracts)
        return {};
    const Contract* const contract = contract_of(input, *contracts);
    if (contract == nullptr || contract->unique_by.empty())
        return {};
    const auto key = business_key(*contract, input.tape);
    if (!key)
        return {};
    return hash_of(contract->type + '\0' + *key, business_seed);
}

/// A retry differs from the first one by when it was received.
std::uint64_t Deduplicate::content_of(const StageInput& input) {
    const std::string_view text = input.tape.text();
    const auto received = input.fields.find(input.tape, EventField::ReceivedTime);
    if (!received)
        return XXH3_64bits(text.data(), text.size());
    const std::string_view time = input.tape.raw(*received);
    const auto before = static_cast<std::size_t>(time.data() - text.data());
    const std::size_t after = before + time.size();
    return XXH3_64bits_withSeed(text.data() + after, text.size() - after,
                                XXH3_64bits(text.data(), before));
}

const Deduplicate::Seen* Deduplicate::find(const Partition& partition,
                                           const std::optional<Id>& id) const {
    if (!id)
        return nullptr;
    const auto known = partition.seen.find(*id);
    const bool fresh =
        known != partition.seen.end() && partition.newest - known->second.at <= m_options.window;
    return fresh ? &known->second : nullptr;
}

void Deduplicate::keep(Partition& partition, const Id& id, const Seen& seen) const {
    partition.newest = std::max(partition.newest, seen.at);
    const auto [at, added] = partition.seen.try_emplace(id, seen);
    if (added)
        partition.order.emplace_back(seen.at, id);
    else
        at->second = seen; // seen again after its window, or repaired
    while (!partition.order.empty()) {
        const auto& [when, oldest] = partition.order.front();
        const bool old = partition.newest - when > m_options.window;
        if (!old && partition.order.size() <= m_options.ids_max)
            break;
        const auto known = partition.seen.find(oldest);
        if (known != partition.seen.end() && known->second.at != when)
            partition.order.emplace_back(known->second.at, oldest); // it was seen again since
        else
            partition.seen.erase(oldest);
        partition.order.pop_front();
    }
}

void Deduplicate::restore(PartitionId partition, std::string_view key, std::string_view value) {
    std::int64_t at = 0;
    Seen seen;
    Id id{};
    if (key.size() != sizeof id || !read_all(take_word(value), at) ||
        !read_all(take_word(value), seen.content, 16) ||
        (!value.empty() && !read_all(value, seen.replays)))
        return; // not ours: somebody else wrote there
    std::memcpy(id.data(), key.data(), sizeof id);
    seen.at = Micros(at);
    keep(m_partitions[partition], id, seen);
}

void Deduplicate::process(const StageInput& input, StageOutput& output) {
    Partition& partition = m_partitions[input.record.partition];
    partition.newest = std::max(partition.newest, input.record.timestamp);
    const Seen now{input.record.timestamp, content_of(input), replay_count(input)};
    const std::optional<Id> id = id_of(input);
    const Seen* const seen = find(partition, id);
    if (seen != nullptr && now.replays <= seen->replays) {
        output.filter(seen->content == now.content ? FilterKind::SameBytes : FilterKind::SameId);
        return;
    }
    const std::optional<Id> business = business_id(input);
    if (seen == nullptr && find(partition, business) != nullptr) { // else the key is its own
        output.filter(FilterKind::BusinessKey);
        return;
    }
    const std::string value = text_of(now);
    for (const std::optional<Id>& each : {id, business})
        if (each) {
            keep(partition, *each, now);
            output.remember(bytes_of(*each), value);
        }
    output.emit("unique_events", input.record.key, input.record.value);
}

std::size_t Deduplicate::remembered(PartitionId partition) const {
    const auto known = m_partitions.find(partition);
    return known == m_partitions.end() ? 0 : known->second.seen.size();
}

} // namespace weir::sandbox
