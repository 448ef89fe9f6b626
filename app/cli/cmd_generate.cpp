// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir generate: synthetic events, the same from the same seed, to stdout, to a file, or into a
// topic of a sandbox. Never anywhere else: a topic is written through a SandboxTicket alone.
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <unistd.h>

#include "app/cli/cmd.h"
#include "app/cli/interrupt.h"
#include "app/cli/target.h"
#include "connectors/kafka/sandbox/producer.h"
#include "connectors/kafka/sandbox/sandbox.h"
#include "models/event/json/json_tape.h"
#include "models/synth/generator.h"
#include "models/synth/pacer.h"

namespace weir::cli {

namespace {

/// Where events go.
class Destination {
  public:
    virtual ~Destination() = default;
    virtual Result<void> write(const synth::Event& event) = 0;
    virtual Result<void> finish() = 0;
    virtual Result<void> idle() { return {}; } // nothing is due for a while
};

void append_line(const synth::Event& event, bool with_key, std::string& out) {
    if (with_key)
        out.append(event.key).append("\t");
    out.append(event.value).append("\n");
}

class ToStdout : public Destination {
  public:
    ToStdout(Console& console, bool with_key)
        : m_console(console)
        , m_with_key(with_key) {}
    Result<void> write(const synth::Event& event) override {
        m_line.clear();
        append_line(event, m_with_key, m_line);
        if (m_console.out_is_terminal())
            m_line = terminal_safe(m_line, false);
        return m_console.out(m_line) ? Result<void>() : closed();
    }
    Result<void> finish() override { return idle(); }
    Result<void> idle() override { return m_console.flush() ? Result<void>() : closed(); }

  private:
    static Error closed() {
        Error error;
        error.code = ErrorCode::Io;
        error.what = "whoever read the output has gone, or there is no room for it";
        return error;
    }
    Console& m_console;
    const bool m_with_key;
    std::string m_line;
};

/// Under the final name only once it is whole.
class ToFile : public Destination {
  public:
    ToFile(std::string name, bool with_key)
        : m_name(std::move(name))
        , m_part(m_name + ".part")
        , m_with_key(with_key)
        , m_file(std::fopen(m_part.c_str(), "wb")) {}
    ~ToFile() override {
        if (m_file != nullptr) {
            std::fclose(m_file);
            ::unlink(m_part.c_str());
        }
    }
    Result<void> write(const synth::Event& event) override {
        m_line.clear();
        append_line(event, m_with_key, m_line);
        if (m_file == nullptr ||
            std::fwrite(m_line.data(), 1, m_line.size(), m_file) != m_line.size())
            return failed();
        return {};
    }
    Result<void> finish() override {
        if (m_file == nullptr || std::fflush(m_file) != 0 || ::fsync(::fileno(m_file)) != 0)
            return failed();
        std::fclose(m_file);
        m_file = nullptr;
        if (std::rename(m_part.c_str(), m_name.c_str()) != 0)
            return failed();
        return {};
    }

  private:
    Error failed() const {
        Error error;
        error.code = errno == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io;
        error.what = std::string("the file could not be written: ") + std::strerror(errno);
        error.where = m_name;
        return error;
    }
    const std::string m_name;
    const std::string m_part;
    const bool m_with_key;
    std::FILE* m_file;
    std::string m_line;
};

class ToTopic : public Destination {
  public:
    ToTopic(std::unique_ptr<kafka::Producer> producer, std::string topic, Console& console)
        : m_producer(std::move(producer))
        , m_topic(std::move(topic))
        , m_console(console) {}
    Result<void> write(const synth::Event& event) override {
        kafka::OutRecord record;
        record.topic = m_topic;
        record.key = event.key;
        record.key_null = false;
        record.value = event.value;
        for (const HeaderView& header : *event.headers)
            record.headers.push_back({header.name, header.value, header.null});
        // A full queue is waited for in short steps: why it is full is to be said meanwhile.
        const auto deadline = Clock::now() + room_wait;
        for (;;) {
            auto sent = m_producer->send(record, step);
            if (sent || sent.error().code != ErrorCode::Timeout || interrupted() ||
                Clock::now() >= deadline)
                return sent;
            look();
        }
    }
    Result<void> idle() override {
        look();
        return {};
    }
    Result<void> finish() override {
        auto deadline = Clock::now() + flush_wait;
        for (;;) {
            auto flushed = m_producer->flush(step);
            if (interrupted())
                deadline = std::min(deadline, Clock::now() + flush_wait_interrupted);
            const std::int64_t lost = m_producer->counts().failed;
            if (flushed && lost == 0)
                return {};
            if (flushed || Clock::now() >= deadline)
                return not_acknowledged();
            look();
        }
    }

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds step{200};
    static constexpr std::chrono::seconds room_wait{60};
    static constexpr std::chrono::seconds flush_wait{60};
    static constexpr std::chrono::seconds flush_wait_interrupted{2};
    static constexpr std::chrono::seconds silence_max{1};

    std::int64_t waiting() const {
        const kafka::ProducerCounts counts = m_producer->counts();
        return counts.sent - counts.acknowledged - counts.failed;
    }
    /// Says once that nothing is acknowledged any more, and once that it is again.
    void look() {
        const std::int64_t acknowledged = m_producer->counts().acknowledged;
        const auto now = Clock::now();
        if (acknowledged != m_acknowledged || waiting() == 0) {
            m_acknowledged = acknowledged;
            m_moved = now;
            if (std::exchange(m_told, false))
                m_console.note("weir: events are acknowledged again");
        } else if (!m_told && now - m_moved > silence_max) {
            m_told = true;
            const std::string why = m_producer->trouble();
            m_console.note("weir: " + (why.empty() ? "nobody acknowledges events" : why) + "; " +
                           grouped(static_cast<std::uint64_t>(waiting())) +
                           " events wait to be written");
        }
    }
    Error not_acknowledged() const {
        Error error;
        error.code = ErrorCode::Connection;
        error.where = m_topic;
        error.what = grouped(static_cast<std::uint64_t>(waiting() + m_producer->counts().failed)) +
                     " events were not acknowledged";
        error.advice = "They may have been written all the same. " + m_producer->trouble();
        return error;
    }

    std::unique_ptr<kafka::Producer> m_producer;
    const std::string m_topic;
    Console& m_console;
    std::int64_t m_acknowledged = 0;
    Clock::time_point m_moved = Clock::now();
    bool m_told = false;
};

Result<std::unique_ptr<Destination>> into_topic(const Arguments& arguments, Console& console) {
    const auto connection = sandbox_connection_of(arguments);
    if (!connection)
        return connection.error();
    const auto timeout = duration_of(arguments, "timeout", Micros(10'000'000));
    const auto partitions = arguments.integer("partitions", 6, 1, 10'000);
    if (!timeout || !partitions)
        return timeout ? partitions.error() : timeout.error();
    const std::chrono::milliseconds wait(timeout->ms());
    const std::string topic = arguments.value("topic");
    auto ticket =
        kafka::prove_sandbox(*connection, command_line_secrets(arguments, connection->name), wait);
    if (!ticket)
        return ticket.error();
    if (!ticket->embedded()) {
        const auto made =
            kafka::create_topic(*ticket, {topic, static_cast<int>(*partitions), {}}, wait);
        if (!made)
            return made.error();
    }
    auto producer = kafka::Producer::open(*ticket, {}, wait);
    if (!producer)
        return producer.error();
    return std::unique_ptr<Destination>(
        std::make_unique<ToTopic>(std::move(*producer), topic, console));
}

Result<std::unique_ptr<Destination>> destination_of(const Arguments& arguments, Console& console) {
    const bool with_key = arguments.has("with-key");
    const bool to_topic = arguments.has("topic");
    if (to_topic && arguments.has("output"))
        return usage_error("--topic and --output exclude each other");
    if (!to_topic && (arguments.has("bootstrap") || arguments.has("workspace")))
        return usage_error("no topic is named", "Add --topic TOPIC.");
    if (to_topic)
        return into_topic(arguments, console);
    if (arguments.has("output") && arguments.value("output") != "-")
        return std::unique_ptr<Destination>(
            std::make_unique<ToFile>(arguments.value("output"), with_key));
    return std::unique_ptr<Destination>(std::make_unique<ToStdout>(console, with_key));
}

struct Plan {
    synth::Options options;
    std::uint64_t seed = 1;
    std::uint64_t events = 0; // 0: no limit
    double rate = 0;          // 0: as fast as it goes
    std::int64_t for_us = 0;  // 0: no limit
};

Result<Plan> plan_of(const Arguments& arguments) {
    Plan plan;
    const auto seed = arguments.integer("seed", 1, 0, INT64_MAX);
    const auto count = arguments.integer("count", 0, 1, INT64_MAX);
    const auto rate = arguments.number("rate", 0, 0.001, 1e7);
    const auto malformed = arguments.number("malformed", 0.01, 0, 1);
    const auto limit = duration_of(arguments, "for", Micros(0));
    if (!seed)
        return seed.error();
    if (!count)
        return count.error();
    if (!rate)
        return rate.error();
    if (!malformed)
        return malformed.error();
    if (!limit)
        return limit.error();
    plan.seed = static_cast<std::uint64_t>(*seed);
    plan.events = static_cast<std::uint64_t>(*count);
    plan.rate = *rate;
    plan.for_us = limit->value();
    plan.options.malformed_share = *malformed;
    if (plan.for_us > 0 && plan.rate == 0 && plan.events == 0)
        return usage_error("--for needs --rate", "Or say how many: --count N.");
    if (plan.events == 0 && plan.for_us == 0 && plan.rate == 0)
        plan.events = 1000;
    return plan;
}

struct Planted {
    std::uint64_t events = 0;
    std::array<std::uint64_t, synth::fault_count> faults{};
};

Result<void> generate(const Plan& plan, Destination& to, Console& console, Planted& planted) {
    using synth::Pacer;
    synth::Generator generator(plan.seed, plan.options);
    const Pacer::Time begun = Pacer::now();
    Pacer pacer(plan.rate > 0 ? plan.rate : 1, begun);
    synth::Event event;
    while (!interrupted() && (plan.events == 0 || planted.events < plan.events)) {
        const Pacer::Time now = Pacer::now();
        if (plan.for_us > 0 && now - begun >= std::chrono::microseconds(plan.for_us))
            break;
        std::uint64_t due = plan.rate > 0 ? pacer.due(now) : 1000;
        if (plan.events != 0)
            due = std::min(due, plan.events - planted.events);
        for (; due > 0; --due) {
            // At a rate events happen now; without one they happen on the generator's own clock,
            // so that a file is the same whenever it is made.
            if (plan.rate > 0)
                generator.next(event, Micros::now());
            else
                generator.next(event);
            auto written = to.write(event);
            if (!written)
                return written;
            ++planted.events;
            ++planted.faults[static_cast<std::size_t>(event.fault)];
        }
        if (plan.rate > 0) {
            auto idle = to.idle();
            if (!idle)
                return idle;
            console.progress(grouped(planted.events) + " events");
            std::this_thread::sleep_for(
                std::min<Pacer::Time>(pacer.wait(Pacer::now()), std::chrono::milliseconds(100)));
        }
    }
    console.progress({});
    return to.finish();
}

std::string planted_text(const Planted& planted) {
    std::string text = grouped(planted.events) + " events";
    for (std::size_t i = 1; i < planted.faults.size(); ++i)
        if (planted.faults[i] > 0)
            text += ", " + grouped(planted.faults[i]) + " " +
                    std::string(synth::to_word(static_cast<synth::Fault>(i)));
    return text;
}

std::string planted_json(const Planted& planted) {
    std::string text = "{\"events\":" + std::to_string(planted.events) + ",\"faults\":{";
    bool first = true;
    for (std::size_t i = 1; i < planted.faults.size(); ++i) {
        text += first ? "" : ",";
        first = false;
        append_json_string(synth::to_word(static_cast<synth::Fault>(i)), text);
        text += ":" + std::to_string(planted.faults[i]);
    }
    return text + "}}\n";
}

int run_generate(const Arguments& arguments, Console& console) {
    const auto plan = plan_of(arguments);
    if (!plan)
        return console.fail(plan.error());
    const bool json = arguments.has("json");
    if (json && !arguments.has("topic") && arguments.value("output", "-") == "-")
        return console.fail(usage_error("--json would mix with the events on stdout",
                                        "Add --output FILE or --topic TOPIC."));
    auto destination = destination_of(arguments, console);
    if (!destination)
        return console.fail(destination.error());
    catch_interrupts(); // until here there is nothing to put in order
    Planted planted;
    const auto done = generate(*plan, **destination, console, planted);
    if (!done)
        return console.fail(done.error());
    if (json)
        console.out(planted_json(planted));
    console.note("weir: " + planted_text(planted));
    return exit_fine;
}

} // namespace

Command generate_command() {
    return {
        "generate",
        "[--count N] [--rate N] [--output FILE | --bootstrap HOST:PORT --topic T]",
        "Make synthetic events: sessions of a shop, some of them malformed",
        "One event a line. The same seed gives the same bytes, unless --rate makes them happen\n"
        "now. A topic is written only in a cluster that is marked as a sandbox (weir sandbox\n"
        "--init) and that was never observed as production or staging.",
        0,
        join({{{"count", "N", "so many events; default 1000 without --rate", 'n'},
               {"rate", "N", "events a second, now; default: as fast as it goes", 'r'},
               {"for", "DURATION", "stop after that time"},
               {"seed", "N", "default 1", 's'},
               {"malformed", "SHARE", "of all events, e.g. 2% or 0.02; default 1%"},
               {"output", "FILE", "into a file; - is stdout", 'o'},
               {"with-key", nullptr, "the key and a tab before each event (kcat -K '\\t')"},
               {"partitions", "N", "of a topic that is not there yet; default 6"},
               {"workspace", "FILE", "the workspace (*.weir.json) to work in", 'w'},
               {"connection", "NAME", "which of the workspace's connections", 'c'},
               {"bootstrap", "HOST:PORT", "brokers of the sandbox", 'b'},
               {"property", "NAME=VALUE", "a librdkafka property, as kcat's -X", 'X', true},
               {"topic", "TOPIC", "the topic to write to", 't'},
               {"timeout", "DURATION", "how long a broker may take to answer; default 10s"},
               {"json", nullptr, "what was planted, as JSON", 'J'},
               {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
        run_generate};
}

} // namespace weir::cli
