// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/coverage.h"

#include <algorithm>

#include "models/event/decode/decoder.h"
#include "models/event/grouped.h"

namespace weir {

const char* to_word(SearchStop stop) {
    switch (stop) {
    case SearchStop::Running:
        return "running";
    case SearchStop::Complete:
        return "complete";
    case SearchStop::Empty:
        return "empty";
    case SearchStop::Cancelled:
        return "cancelled";
    case SearchStop::Limit:
        return "limit";
    case SearchStop::Skipped:
        return "skipped";
    case SearchStop::OpenTransaction:
        return "open_transaction";
    case SearchStop::Gone:
        return "gone";
    case SearchStop::Failed:
        return "failed";
    }
    return "failed";
}

namespace {

template <class Member>
std::uint64_t total(const std::vector<PartitionCoverage>& partitions, Member member) {
    std::uint64_t sum = 0;
    for (const PartitionCoverage& p : partitions)
        sum += p.*member;
    return sum;
}

std::string count_text(std::uint64_t number, const char* one, const char* many) {
    return grouped(number) + " " + (number == 1 ? one : many);
}

/// What is told of all partitions' records with too many events; "": there are none.
std::string cut_part(const SearchCoverage& coverage) {
    const auto& all = coverage.partitions;
    const auto first =
        std::find_if(all.begin(), all.end(), [](const auto& p) { return p.cut_events > 0; });
    return first == all.end() ? ""
                              : ", " + cut_text(coverage.cut_events(), first->topic,
                                                first->partition, first->first_cut);
}

} // namespace

std::string cut_text(std::uint64_t events, const std::string& topic, PartitionId partition,
                     Offset first) {
    return count_text(events, "event", "events") + " past the first " +
           grouped(events_per_record_max) + " of a record, not read (" + topic + "/" +
           std::to_string(partition.value()) + "@" + std::to_string(first.value()) + ")";
}

bool SearchCoverage::complete() const {
    return !times_assumed && left_out == 0 &&
           std::all_of(partitions.begin(), partitions.end(), [](const PartitionCoverage& p) {
               return p.complete() && p.truncated_offsets == 0 && p.cut_events == 0;
           });
}

std::uint64_t SearchCoverage::read() const {
    return total(partitions, &PartitionCoverage::read);
}
std::uint64_t SearchCoverage::matched() const {
    return total(partitions, &PartitionCoverage::matched);
}
std::uint64_t SearchCoverage::decoded() const {
    return total(partitions, &PartitionCoverage::decoded);
}
std::uint64_t SearchCoverage::undecodable() const {
    return total(partitions, &PartitionCoverage::undecodable);
}
std::uint64_t SearchCoverage::bytes() const {
    return total(partitions, &PartitionCoverage::bytes);
}

std::uint64_t SearchCoverage::cut_events() const {
    return total(partitions, &PartitionCoverage::cut_events);
}

std::string SearchCoverage::summary(std::string_view exhaustive) const {
    if (contradictory)
        return "complete: the filter can match nothing, so nothing was read";
    std::size_t with_data = 0;
    std::size_t done = 0;
    std::size_t skipped = 0;
    std::string reasons;
    for (const PartitionCoverage& p : partitions) {
        with_data += p.stop == SearchStop::Empty ? 0 : 1;
        done += p.complete() ? 1 : 0;
        skipped += p.stop == SearchStop::Skipped ? 1 : 0;
        if (p.complete() || p.stop == SearchStop::Skipped)
            continue;
        const std::string reason = p.stop_text.empty() ? std::string(to_word(p.stop)) : p.stop_text;
        if (reasons.find(reason) == std::string::npos && reasons.size() < 400)
            reasons += (reasons.empty() ? "" : "; ") + reason;
    }
    if (with_data == 0)
        return "complete: empty (" + count_text(partitions.size(), "partition", "partitions") +
               ", no record)";
    std::string text = count_text(read(), "record", "records") + " read in " +
                       std::to_string(done) + " of " +
                       count_text(partitions.size(), "partition", "partitions");
    const std::uint64_t gaps = total(partitions, &PartitionCoverage::gap_offsets);
    const std::uint64_t lost = total(partitions, &PartitionCoverage::truncated_offsets);
    if (gaps > 0)
        text += ", " + count_text(gaps, "offset holds", "offsets hold") +
                " no event (control, compacted or aborted)";
    if (lost > 0)
        text += ", " + count_text(lost, "offset was", "offsets were") +
                " deleted before they could be read";
    if (undecodable() > 0)
        text += ", " + count_text(undecodable(), "record", "records") + " not decodable of " +
                count_text(decoded(), "record", "records") + " looked into";
    else if (!tells_looked_into)
        text += ", how many could not be decoded is not told where values are masked";
    text += cut_part(*this);
    if (left_out > 0)
        text += ", " + count_text(left_out, "match", "matches") + " left out by the limit";
    if (vanished > 0)
        text +=
            ", " + count_text(vanished, "match", "matches") + " from memory no longer in the topic";
    if (skipped > 0)
        text += ", " + count_text(skipped, "partition", "partitions") + " left out assuming " +
                assumed + " (" + std::string(exhaustive) + " reads them)";
    if (times_assumed)
        text += ", assuming that record times are in order (" + std::string(exhaustive) +
                " reads to the end)";
    if (!reasons.empty())
        text += " (" + reasons + ")";
    return (complete() ? "complete: " : "NOT complete: ") + text;
}

} // namespace weir
