// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/worker_counts.h"

#include <numeric>

#include "models/event/json/json_tape.h"

namespace weir::sandbox {
namespace {

void add_number(std::string& out, std::string_view name, std::uint64_t value) {
    out.append(",\"").append(name).append("\":").append(std::to_string(value));
}

void add_quantiles(std::string& out, std::string_view name, const QuantileSketch& sketch) {
    out.append(",\"").append(name).append("\":");
    if (sketch.count() == 0) {
        out += "null"; // no data is not 0
        return;
    }
    out += "{\"count\":" + std::to_string(sketch.count());
    for (const auto& [word, q] : {std::pair{"p50_us", 0.5}, {"p95_us", 0.95}, {"p99_us", 0.99}})
        out.append(",\"").append(word).append("\":").append(std::to_string(sketch.quantile(q)));
    out += ",\"max_us\":" + std::to_string(sketch.max_us()) + "}";
}

} // namespace

std::uint64_t WorkerCounts::filtered_count() const {
    return std::accumulate(filtered.begin(), filtered.end(), std::uint64_t{0});
}

std::uint64_t WorkerCounts::failed_count() const {
    std::uint64_t sum = 0;
    for (const auto& [reason, count] : failed)
        sum += count;
    return sum;
}

void WorkerCounts::fail(const std::string& reason) {
    const bool room = failed.size() < reasons_max || failed.count(reason) > 0;
    ++failed[room ? reason : "(other)"];
}

void WorkerCounts::add(const WorkerCounts& other) {
    in += other.in;
    out += other.out;
    for (std::size_t i = 0; i < filtered.size(); ++i)
        filtered[i] += other.filtered[i];
    for (const auto& [reason, count] : other.failed) {
        const bool room = failed.size() < reasons_max || failed.count(reason) > 0;
        failed[room ? reason : "(other)"] += count;
    }
    retried += other.retried;
    lost += other.lost;
    wait.merge(other.wait);
    processing.merge(other.processing);
}

std::string to_json(const StageInfo& info, const std::string& instance, Micros at,
                    const WorkerCounts& counts) {
    std::string out = "{\"stage\":";
    append_json_string(info.name, out);
    out += ",\"instance\":";
    append_json_string(instance, out);
    add_number(out, "at_us", static_cast<std::uint64_t>(at.value()));
    add_number(out, "in", counts.in);
    add_number(out, "out", counts.out);
    out += ",\"filtered\":{";
    for (int kind = 0; kind < filter_kind_count; ++kind) {
        out += kind ? ",\"" : "\"";
        out.append(to_word(static_cast<FilterKind>(kind)))
            .append("\":")
            .append(std::to_string(counts.filtered[static_cast<std::size_t>(kind)]));
    }
    out += "},\"failed\":{";
    for (const auto& [reason, count] : counts.failed) {
        out += out.back() == '{' ? "" : ",";
        append_json_string(reason, out);
        out += ":" + std::to_string(count);
    }
    out += "}";
    add_number(out, "retried", counts.retried);
    add_number(out, "pending", counts.pending);
    add_number(out, "lost", counts.lost);
    add_quantiles(out, "wait", counts.wait);
    add_quantiles(out, "processing", counts.processing);
    out += ",\"slo_p95_us\":" + std::to_string(info.slo_p95_us) + ",\"trouble\":";
    if (counts.trouble.empty())
        out += "null";
    else
        append_json_string(counts.trouble, out);
    return out + "}";
}

} // namespace weir::sandbox
