// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/search_run.h"

#include <sstream>

#include "app/cli/interrupt.h"
#include "models/event/json/json_tape.h"

namespace weir::cli {

namespace {

constexpr std::int64_t moment_us = 100'000;

std::string rate_text(double mb_s) {
    std::ostringstream text;
    text << mb_s << " MB/s";
    return text.str();
}

std::string progress_text(const SearchProgress& p) {
    const double share = p.offsets_total == 0 ? 1
                                              : static_cast<double>(p.offsets_done) /
                                                    static_cast<double>(p.offsets_total);
    std::string text = std::to_string(static_cast<int>(share * 100)) + " %  " + grouped(p.read) +
                       " read  " + grouped(p.matched) + " found";
    if (p.elapsed_us > 200'000)
        text += "  " +
                bytes_text(static_cast<std::uint64_t>(static_cast<double>(p.bytes) * 1e6 /
                                                      static_cast<double>(p.elapsed_us))) +
                "/s";
    if (p.remaining_us >= 0)
        text += "  " + duration_text(p.remaining_us) + " left";
    if (!p.trouble.empty())
        text += "  " + terminal_safe(p.trouble, true);
    return text;
}

} // namespace

bool follow_search(Search& search, Console& console) {
    bool cancelled = false;
    bool troubled = false;
    while (!search.wait_for(std::chrono::milliseconds(100))) {
        cancelled = cancelled || interrupted();
        if (cancelled)
            search.cancel();
        const SearchProgress progress = search.progress();
        if (troubled == progress.trouble.empty()) {
            troubled = !troubled;
            console.note("weir: " + (troubled ? progress.trouble : "reading again"));
        }
        console.progress(progress_text(progress));
        console.flush();
    }
    console.progress({});
    return cancelled;
}

std::string plan_text(const SearchPlan& plan, const SearchRequest& request) {
    if (plan.contradictory)
        return "the filter can match nothing";
    if (plan.offsets_at_most == 0)
        return "empty: no record in the range (" + std::to_string(plan.partitions) +
               (plan.partitions == 1 ? " partition)" : " partitions)");
    std::string text = "reading up to " + grouped(plan.offsets_at_most) + " offsets in " +
                       std::to_string(plan.partitions) +
                       (plan.partitions == 1 ? " partition" : " partitions") + ", about " +
                       bytes_text(plan.bytes_estimate) + " if a record has " +
                       std::to_string(plan.bytes_estimate / plan.offsets_at_most) + " bytes";
    // The rate says nothing of what takes a moment only.
    if (plan.estimate_us < moment_us)
        text += ", a moment";
    else if (plan.limit_mb_s > 0)
        text += ", about " + duration_text(plan.estimate_us) + " at the read limit of " +
                rate_text(plan.limit_mb_s) + " (--budget 0 lifts it)";
    else
        text += ", about " + duration_text(plan.estimate_us) + " at " +
                grouped(static_cast<std::uint64_t>(plan.records_per_s)) + " records/s" +
                (plan.rate_measured ? "" : " (assumed)");
    if (!plan.assumed.empty())
        text += "; " + std::to_string(plan.partitions_left_out) +
                " left out, assuming keys were partitioned by " + plan.assumed;
    if (plan.times_assumed)
        text += "; up to the first record at or after --to (--exhaustive reads on)";
    if (request.order == SearchOrder::NewestFirst)
        text += "; newest first";
    return text;
}

void append_coverage(const SearchCoverage& coverage, std::string& out) {
    out += "\"coverage\":{\"complete\":";
    out += coverage.complete() ? "true" : "false";
    if (!coverage.assumed.empty()) {
        out += ",\"assumed\":";
        append_json_string(coverage.assumed, out);
    }
    if (coverage.times_assumed)
        out += ",\"times_assumed\":true";
    if (!coverage.ordered)
        out += ",\"ordered\":false";
    if (coverage.left_out > 0)
        out += ",\"left_out\":" + std::to_string(coverage.left_out);
    if (coverage.contradictory)
        out += ",\"contradictory\":true";
    if (coverage.hides_text)
        out += ",\"masked_text\":true";
    const char* between = ",\"masked\":[";
    for (const std::string& field : coverage.masked) {
        out += between;
        append_json_string(field, out);
        between = ",";
    }
    if (!coverage.masked.empty())
        out += ']';
    out += ",\"partitions\":[";
    bool first = true;
    for (const PartitionCoverage& p : coverage.partitions) {
        out += first ? "\n{\"topic\":" : ",\n{\"topic\":";
        first = false;
        append_json_string(p.topic, out);
        const auto number = [&out](const char* name, std::int64_t value) {
            out += std::string(",\"") + name + "\":" + std::to_string(value);
        };
        number("partition", p.partition.value());
        number("begin", p.begin.value());
        number("from", p.from.value());
        number("to", p.to.value());
        number("read_from", p.read_from.value());
        number("read_to", p.read_to.value());
        number("read", static_cast<std::int64_t>(p.read));
        number("matched", static_cast<std::int64_t>(p.matched));
        if (coverage.tells_looked_into) {
            number("looked_into", static_cast<std::int64_t>(p.decoded));
            number("undecodable", static_cast<std::int64_t>(p.undecodable));
        } else {
            out += ",\"looked_into\":null,\"undecodable\":null";
        }
        if (p.cut_events > 0) {
            number("events_not_read", static_cast<std::int64_t>(p.cut_events));
            number("not_read_at", p.first_cut.value());
        }
        number("gaps", static_cast<std::int64_t>(p.gap_offsets));
        number("lost", static_cast<std::int64_t>(p.truncated_offsets));
        out += std::string(",\"stop\":\"") + to_word(p.stop) + "\"";
        if (!p.stop_text.empty()) {
            out += ",\"why\":";
            append_json_string(p.stop_text, out);
        }
        out += '}';
    }
    out += "]}";
}

Result<SearchRequest> search_request_of(const Arguments& arguments, const Target& target,
                                        bool violations) {
    SearchRequest request;
    const Micros now = Micros::now();
    const auto range = range_of(arguments, kafka::StartAt::Kind::Beginning, now);
    if (!range)
        return range.error();
    auto filter = filter_of(arguments, now);
    if (!filter)
        return filter.error();
    if (const auto contracts = check_contracts_for(**filter, target, violations); !contracts)
        return contracts.error();
    const auto limit = arguments.integer("limit", 0, 1, INT64_MAX);
    if (!limit)
        return limit.error();
    const std::string order = arguments.value("order", "read");
    if (order != "read" && order != "oldest" && order != "newest")
        return usage_error("--order " + order + ": not an order", "Write read, oldest or newest.");
    request.topics = target.topics;
    request.topic_patterns = target.topic_patterns;
    request.only_partitions = target.partitions;
    request.filter = *filter;
    request.start = range->start;
    request.end = range->end;
    request.isolation = arguments.has("read-committed") ? kafka::Isolation::ReadCommitted
                                                        : kafka::Isolation::ReadUncommitted;
    request.order = order == "read"     ? SearchOrder::AsRead
                    : order == "oldest" ? SearchOrder::OldestFirst
                                        : SearchOrder::NewestFirst;
    request.limit = static_cast<std::uint64_t>(*limit);
    request.exhaustive = arguments.has("exhaustive");
    request.open_timeout = target.timeout;
    return request;
}

int search_exit_code(const SearchCoverage& coverage, bool cancelled) {
    if (cancelled) // what was found so far is no answer yet
        return interrupt_code();
    for (const PartitionCoverage& p : coverage.partitions)
        if (p.stop == SearchStop::Failed || p.stop == SearchStop::Gone)
            return exit_connection;
    return coverage.matched() > 0 ? exit_fine : exit_finding;
}

} // namespace weir::cli
