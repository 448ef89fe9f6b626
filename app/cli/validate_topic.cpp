// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/validate_topic.h"

#include <atomic>
#include <mutex>
#include <thread>

#include "app/cli/cmd.h"
#include "app/cli/interrupt.h"
#include "app/cli/target.h"
#include "app/cli/violation_tally.h"
#include "models/contract/event_checker.h"
#include "models/contract/violation_masking.h"
#include "models/event/json/json_tape.h"

namespace weir::cli {

namespace {

/// What one thread works with.
struct Lane {
    std::unique_ptr<Decoder> decoder;
    std::unique_ptr<EventChecker> checker;
    SightingBatch sightings;
    ViolationTally tally;
    std::uint64_t not_judged = 0;
    std::uint64_t left_out = 0;
};

class TopicCheck {
  public:
    TopicCheck(const Target& target, Console& console, bool json, std::uint64_t limit)
        : m_target(target)
        , m_console(console)
        , m_json(json)
        , m_limit(limit) {}

    void run(kafka::Reader& reader) {
        std::vector<std::thread> threads;
        for (int stream = 1; stream < reader.stream_count(); ++stream)
            threads.emplace_back([this, &reader, stream] { read(reader, stream); });
        read(reader, 0);
        for (std::thread& thread : threads)
            thread.join();
        m_console.progress({});
    }
    const ViolationTally& tally() const { return m_tally; }
    std::uint64_t not_judged() const { return m_not_judged; }
    /// Events of records that hold more than are read of one.
    std::uint64_t left_out() const { return m_left_out; }
    std::string summary_json() const {
        return "{\"events\":" + std::to_string(m_tally.events) +
               ",\"violating\":" + std::to_string(m_tally.invalid) +
               ",\"flagged\":" + std::to_string(m_tally.flagged) +
               ",\"not_judged\":" + std::to_string(m_not_judged) +
               ",\"left_out\":" + std::to_string(m_left_out) +
               ",\"reasons\":" + m_tally.reasons_json() + "}\n";
    }

  private:
    void read(kafka::Reader& reader, int stream) {
        const Session& session = *m_target.session;
        Lane lane;
        lane.decoder = session.make_decoder(m_target.connection);
        lane.checker = session.make_checker();
        while (!m_stop && !interrupted()) {
            RecordBatch batch = reader.poll(stream, std::chrono::milliseconds(100));
            if (batch.empty() && reader.finished())
                break;
            if (batch.records.empty())
                continue;
            lane.decoder->decode(std::move(batch), lane.sightings);
            for (const Sighting& sighting : lane.sightings.sightings)
                judge(sighting, lane);
            for (const CutRecord& cut : lane.sightings.cut)
                lane.left_out += cut.left_out;
            const std::lock_guard lock(m_mutex);
            m_stop = m_stop || !m_console.flush();
            m_read += lane.sightings.sightings.size();
            m_console.progress(grouped(m_read) + " events read");
        }
        if (m_stop || interrupted())
            reader.stop();
        const std::lock_guard lock(m_mutex);
        m_tally.add(lane.tally);
        m_not_judged += lane.not_judged;
        m_left_out += lane.left_out;
    }

    void judge(const Sighting& sighting, Lane& lane) {
        // What was refused is no event that passed.
        const Judgement* judgement =
            sighting.outcome == Outcome::Failed
                ? nullptr
                : lane.checker->check(sighting, lane.sightings.body(sighting), Micros::now());
        if (judgement == nullptr) {
            ++lane.not_judged;
            return;
        }
        lane.tally.add(judgement->violations);
        if (judgement->fine())
            return;
        std::vector<Violation> violations = judgement->violations;
        for (Violation& violation : violations)
            mask_found(violation, judgement->contract, *m_target.disclosure);
        const std::lock_guard lock(m_mutex);
        if (m_limit != 0 && m_told >= m_limit)
            return;
        ++m_told;
        const Record& record = lane.sightings.records.records[sighting.record];
        const bool more =
            m_json ? m_console.out(line_json(sighting, record, violations))
                   : m_console.out_text(violations_text(place_of(sighting, record), violations));
        if (!more)
            m_stop = true;
    }

    static std::string place_of(const Sighting& sighting, const Record& record) {
        std::string place = std::string(record.topic) + "/" +
                            std::to_string(record.partition.value()) + "@" +
                            std::to_string(record.offset.value());
        return sighting.ordinal == 0 ? place : place + "#" + std::to_string(sighting.ordinal);
    }

    static std::string line_json(const Sighting& sighting, const Record& record,
                                 const std::vector<Violation>& violations) {
        std::string out = "{\"topic\":";
        append_json_string(record.topic, out);
        out += ",\"partition\":" + std::to_string(record.partition.value()) +
               ",\"offset\":" + std::to_string(record.offset.value()) +
               ",\"ordinal\":" + std::to_string(sighting.ordinal) +
               ",\"valid\":" + (is_refused(violations) ? "false" : "true") + ",\"violations\":";
        return out + violations_json(violations) + "}\n";
    }

    const Target& m_target;
    Console& m_console;
    const bool m_json;
    const std::uint64_t m_limit; // of events that are told; 0: all
    std::mutex m_mutex;          // guards the rest, and what is printed
    ViolationTally m_tally;
    std::uint64_t m_not_judged = 0, m_left_out = 0, m_told = 0, m_read = 0;
    std::atomic<bool> m_stop{false};
};

/// The contracts must be there and whole, or silence would look like a good answer.
std::optional<Error> contracts_missing(const Arguments& arguments, const Session& session,
                                       Console& console) {
    const ContractSet& contracts = *session.contracts()->set;
    for (const Error& problem : contracts.problems())
        console.say("weir validate: " + problem.text());
    if (!contracts.problems().empty() && !arguments.has("skip-broken"))
        return usage_error("a contract is broken", "Mend it, or add --skip-broken.");
    if (contracts.contracts().empty())
        return usage_error("there are no contracts to hold events against",
                           "Add --contracts DIR, or give the workspace \"contracts\".");
    return std::nullopt;
}

} // namespace

int run_validate_topic(const Arguments& arguments, Console& console) {
    const auto range = range_of(arguments, kafka::StartAt::Kind::Beginning, Micros::now());
    if (!range)
        return console.fail(range.error());
    const auto limit = arguments.integer("limit", 0, 1, INT64_MAX);
    if (!limit)
        return console.fail(limit.error());
    const auto target = open_target(arguments, console, true);
    if (!target)
        return console.fail(target.error());
    if (const auto error = contracts_missing(arguments, *target->session, console))
        return console.fail(*error);
    const auto parts = target->search_parts(console);
    if (!parts)
        return console.fail(parts.error());
    kafka::ReadRequest request = read_request(arguments, *target, *range);
    if (request.end.kind == kafka::EndAt::Kind::Never)
        request.end.kind = kafka::EndAt::Kind::Snapshot;
    const auto reader = parts->open_reader(request);
    if (!reader)
        return console.fail(reader.error());
    catch_interrupts_and_end();
    const bool json = arguments.has("json");
    TopicCheck check(*target, console, json, static_cast<std::uint64_t>(*limit));
    check.run(**reader);
    answering();
    if (json)
        console.out(check.summary_json());
    console.flush();
    std::string text = check.tally().text();
    if (check.not_judged() > 0)
        text += "; " + grouped(check.not_judged()) + " not judged (dead letters, tombstones, rows)";
    if (check.left_out() > 0)
        text += "; " + grouped(check.left_out()) + " not looked at: their records hold more than " +
                grouped(events_per_record_max) + " events";
    console.note("weir: " + text);
    for (const kafka::PartitionProgress& p : (*reader)->progress())
        if (p.state == kafka::ReadState::Failed || p.state == kafka::ReadState::Gone)
            return answered(exit_connection);
    return answered(check.tally().invalid > 0 || check.left_out() > 0 ? exit_finding : exit_fine);
}

} // namespace weir::cli
