// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir tail: what comes in now, decoded and filtered, until interrupted.
#include <map>
#include <thread>

#include "app/cli/cmd.h"
#include "app/cli/field_reader.h"
#include "app/cli/interrupt.h"
#include "app/cli/open_transactions.h"
#include "app/cli/outage.h"
#include "app/cli/record_text.h"
#include "app/cli/target.h"
#include "models/event/partition_news.h"

namespace weir::cli {

namespace {

/// Why a connection does not answer, what is tried next, and since when; empty: it does.
std::string trouble_of(const kafka::Cluster& cluster) {
    const kafka::Health health = cluster.health();
    const bool down = !health.trouble.empty() && health.state != kafka::Health::State::Up;
    return down ? health.trouble + " (since " + time_text(health.since) + ")" : health.trouble;
}

/// Says which topics hold nothing, as search and count do.
void note_empty_topics(const kafka::Reader& reader, Console& console) {
    std::map<std::string, bool> empty;
    for (const kafka::PartitionProgress& p : reader.progress()) {
        const bool none = p.begin.value() >= 0 && p.begin == p.end_seen;
        const auto [known, fresh] = empty.emplace(p.topic, none);
        known->second = known->second && none;
    }
    for (const auto& [topic, none] : empty)
        if (none)
            console.note("weir: topic " + topic + " is empty");
}

/// Says of which partitions nothing is printed although something comes: the offset at which
/// printing begins is still to come there.
void note_offsets_to_come(const kafka::Reader& reader, Console& console) {
    std::vector<kafka::PartitionProgress> waiting = reader.progress();
    std::erase_if(waiting,
                  [](const auto& p) { return p.begin.value() < 0 || p.from <= p.end_seen; });
    if (waiting.empty())
        return;
    const kafka::PartitionProgress& first = waiting.front();
    const auto offset = [](Offset at) { return grouped(static_cast<std::uint64_t>(at.value())); };
    console.note("weir: " + first.topic + "/" + std::to_string(first.partition.value()) +
                 " ends at offset " + offset(first.end_seen) + ": what comes before offset " +
                 offset(first.from) + " is not printed" +
                 (waiting.size() == 1
                      ? std::string()
                      : " (and likewise in " + grouped(waiting.size() - 1) + " more)"));
}

class Tail : private Scanner::Verdicts {
  public:
    Tail(RecordText text, Console& console, std::uint64_t limit, const Target& target,
         std::shared_ptr<kafka::Cluster> cluster)
        : m_text(std::move(text))
        , m_console(console)
        , m_limit(limit)
        , m_target(target)
        , m_transactions(console)
        , m_outage(console, [cluster = std::move(cluster)] { return trouble_of(*cluster); }) {}

    void run(kafka::Reader& reader, const ScanParts& parts) {
        std::vector<std::thread> threads;
        for (int stream = 1; stream < reader.stream_count(); ++stream)
            threads.emplace_back([this, &reader, &parts, stream] { lane(reader, parts, stream); });
        lane(reader, parts, 0);
        for (std::thread& thread : threads)
            thread.join();
        m_transactions.tell_left(reader.progress());
    }
    std::uint64_t printed() const { return m_printed; }
    bool lost_contact() const { return m_gone; }
    std::vector<std::string> absences() const { return m_text.absences(); }

  private:
    void lane(kafka::Reader& reader, const ScanParts& parts, int stream) {
        std::uint64_t rules = m_target.rules;
        auto scanner = std::make_unique<Scanner>(parts);
        while (!m_enough && !interrupted()) {
            RecordBatch batch = reader.poll(stream, std::chrono::milliseconds(100));
            if (const auto now = m_target.session->disclosure_revision(); now != rules) {
                rules = now;
                scanner = renewed(parts);
            }
            if (batch.empty() && reader.finished())
                return;
            for (const PartitionEvent& event : batch.events)
                report(event);
            m_outage.tell();
            if (stream == 0 && m_transactions.due())
                m_transactions.look(reader.progress());
            if (batch.records.empty())
                continue;
            batch.events.clear();
            scanner->drop_hopeless(batch);
            const std::lock_guard lock(m_mutex);
            scanner->judge(std::move(batch), *this);
            m_enough = m_enough || !m_console.flush();
        }
        reader.stop();
    }

    /// Contracts were read anew: what comes is judged and masked by them.
    std::unique_ptr<Scanner> renewed(ScanParts parts) {
        auto disclosure = m_target.disclosure_now();
        if (disclosure) {
            parts.disclosure = *std::move(disclosure);
            const std::lock_guard lock(m_mutex);
            m_text.know(parts.vocabulary, parts.disclosure);
        } else { // masked by the older contracts still
            m_console.note("weir: " + disclosure.error().text());
        }
        return std::make_unique<Scanner>(parts);
    }

    bool matched(std::uint32_t /*number*/, const HitView& hit, bool /*last*/) override {
        if (m_enough)
            return false;
        m_line.clear();
        m_text.append(hit, m_line);
        ++m_printed;
        m_enough = !m_console.out(m_line) || (m_limit != 0 && m_printed >= m_limit);
        return !m_enough;
    }
    void undecodable(std::uint32_t /*number*/) override {}
    void cut(const Record& record, std::uint64_t left_out) override {
        m_console.note("weir: " + cut_text(left_out, std::string(record.topic), record.partition,
                                           record.offset));
    }

    /// What a reader of the stream must know: a hole is not nothing.
    void report(const PartitionEvent& event) {
        if (event.note == PartitionNote::Failed || event.note == PartitionNote::Recovered ||
            event.note == PartitionNote::Cut || event.note == PartitionNote::Recreated ||
            event.note == PartitionNote::Gone)
            m_outage.take(event);
        m_gone = m_gone || event.note == PartitionNote::Gone;
        if (event.note == PartitionNote::OpenTransaction) // m_transactions tells
            return;
        if (const std::string news = partition_news(event); !news.empty())
            m_console.note("weir: " + news);
    }

    RecordText m_text;
    Console& m_console;
    const std::uint64_t m_limit;
    const Target& m_target;
    OpenTransactions m_transactions; // of the first stream's thread
    Outage m_outage;
    std::mutex m_mutex; // one judge() at a time: it prints
    std::string m_line;
    std::uint64_t m_printed = 0;
    std::atomic<bool> m_enough{false};
    std::atomic<bool> m_gone{false};
};

int run_tail(const Arguments& arguments, Console& console) {
    const Micros now = Micros::now();
    auto text = RecordText::create(arguments, console);
    if (!text)
        return console.fail(text.error());
    const auto range = range_of(arguments, kafka::StartAt::Kind::End, now);
    if (!range)
        return console.fail(range.error());
    const auto filter = filter_of(arguments, now);
    if (!filter)
        return console.fail(filter.error());
    note_hints(**filter, console);
    const auto limit = arguments.integer("limit", 0, 1, INT64_MAX);
    if (!limit)
        return console.fail(limit.error());
    const auto target = open_target(arguments, console, true);
    if (!target)
        return console.fail(target.error());
    const auto contracts = check_contracts_for(**filter, *target, text->asks_for_violations());
    if (!contracts)
        return console.fail(contracts.error());
    const auto parts = target->search_parts(console);
    if (!parts)
        return console.fail(parts.error());
    kafka::ReadRequest request = read_request(arguments, *target, *range);
    if (arguments.has("group"))
        request.start = {kafka::StartAt::Kind::Group, 0, {}, arguments.value("group")};
    if (arguments.has("exit") && request.end.kind == kafka::EndAt::Kind::Never)
        request.end.kind = kafka::EndAt::Kind::Snapshot;
    text->know(parts->vocabulary, parts->disclosure);
    const auto reader = parts->open_reader(request);
    if (!reader)
        return console.fail(reader.error());
    if ((*reader)->progress().empty())
        console.note("weir: no topic matches; waiting for one (one that may not be described is "
                     "not seen)");
    note_empty_topics(**reader, console);
    note_offsets_to_come(**reader, console);
    catch_interrupts_and_end();
    ScanParts scan{*filter,
                   parts->vocabulary,
                   parts->disclosure,
                   parts->make_decoder,
                   {},
                   {},
                   parts->violations,
                   PathCensus::of(**filter, *parts->vocabulary, *parts->disclosure),
                   text->asks_for_violations()};
    if (request.start.kind == kafka::StartAt::Kind::Time)
        scan.time_from = request.start.time;
    if (request.end.kind == kafka::EndAt::Kind::Time)
        scan.time_to = request.end.time;
    Tail tail(std::move(*text), console, static_cast<std::uint64_t>(*limit), *target,
              *target->cluster());
    tail.run(**reader, scan);
    answering();
    console.flush();
    if (scan.census)
        note_remarks("filter", scan.census->remarks(tail.printed() > 0), console);
    note_remarks("fields", tail.absences(), console);
    for (const kafka::PartitionProgress& p : (*reader)->progress())
        if (p.state == kafka::ReadState::Failed || p.state == kafka::ReadState::Gone)
            return answered(exit_connection);
    return answered(tail.printed() > 0 || interrupted() ? exit_fine : exit_finding);
}

} // namespace

Command tail_command() {
    return {
        "tail",
        "[EXPR] --topic T",
        "Print events as they come in",
        "Starts at the end unless --from or --last says otherwise, and goes on until interrupted.\n"
        "--last @10 starts ten offsets before the end of each partition: the last ten records,\n"
        "fewer where a topic is compacted or transactional. With --json one JSON object a line.",
        1,
        join(
            {connection_options(),
             range_options(),
             disclosure_options(),
             {{"group", "GROUP",
               "start at that group's committed offsets; where it has none, at the beginning", 'G'},
              {"limit", "N", "stop after so many events", 'n'},
              {"exit", nullptr, "stop at the end as it is at the start"}},
             output_options()}),
        run_tail};
}

} // namespace weir::cli
