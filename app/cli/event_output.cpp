// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/event_output.h"

#include <chrono>

#include "app/cli/interrupt.h"
#include "app/cli/target.h"
#include "connectors/archive/part_file.h"
#include "connectors/kafka/sandbox/producer.h"
#include "connectors/kafka/sandbox/sandbox.h"
#include "models/sandbox/own_collector.h"

namespace weir::cli {

namespace {

void append_line(const OutEvent& event, bool with_key, std::string& out) {
    if (with_key)
        out.append(event.key).append("\t");
    out.append(event.value).append("\n");
}

class ToStdout : public EventOutput {
  public:
    ToStdout(Console& console, bool with_key)
        : m_console(console)
        , m_with_key(with_key) {}
    Result<void> write(const OutEvent& event) override {
        m_line.clear();
        append_line(event, m_with_key, m_line);
        return m_console.out_text(m_line) ? Result<void>() : closed();
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

class ToFile : public EventOutput {
  public:
    ToFile(std::string name, bool with_key)
        : m_with_key(with_key)
        , m_file(std::move(name)) {}
    Result<void> write(const OutEvent& event) override {
        m_line.clear();
        append_line(event, m_with_key, m_line);
        return m_file.write(m_line);
    }
    Result<void> finish() override { return m_file.finish(); }

  private:
    const bool m_with_key;
    PartFile m_file;
    std::string m_line;
};

class ToTopic : public EventOutput {
  public:
    ToTopic(std::unique_ptr<kafka::Producer> producer, std::string topic, Console& console)
        : m_producer(std::move(producer))
        , m_topic(std::move(topic))
        , m_console(console) {}
    Result<void> write(const OutEvent& event) override {
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

class ToCollector : public EventOutput {
  public:
    explicit ToCollector(std::unique_ptr<sandbox::OwnCollector> collector)
        : m_collector(std::move(collector)) {}
    Result<void> write(const OutEvent& event) override { return m_collector->send(event.value); }
    Result<void> finish() override { return m_collector->finish(); }

  private:
    const std::unique_ptr<sandbox::OwnCollector> m_collector;
};

Result<std::unique_ptr<EventOutput>>
into_collector(const kafka::SandboxTicket& ticket, int partitions, std::chrono::milliseconds wait) {
    sandbox::OutletOptions outlet;
    outlet.partitions = partitions;
    auto collector = sandbox::OwnCollector::open(ticket, outlet, {.gone = interrupted}, wait);
    if (!collector)
        return collector.error();
    return std::unique_ptr<EventOutput>(std::make_unique<ToCollector>(std::move(*collector)));
}

Result<std::unique_ptr<EventOutput>> into_topic(const kafka::SandboxTicket& ticket,
                                                const std::string& topic, int partitions,
                                                std::chrono::milliseconds wait, Console& console) {
    if (!ticket.embedded()) {
        const auto made = kafka::create_topic(ticket, {topic, partitions, {}}, wait);
        if (!made)
            return made.error();
    }
    auto producer = kafka::Producer::open(ticket, {}, wait);
    if (!producer)
        return producer.error();
    return std::unique_ptr<EventOutput>(
        std::make_unique<ToTopic>(std::move(*producer), topic, console));
}

Result<std::unique_ptr<EventOutput>> into_sandbox(const Arguments& arguments, Console& console) {
    const auto connection = sandbox_connection_of(arguments);
    if (!connection)
        return connection.error();
    const auto timeout = duration_of(arguments, "timeout", Micros(10'000'000));
    const auto partitions = arguments.integer("partitions", 6, 1, 10'000);
    if (!timeout || !partitions)
        return timeout ? partitions.error() : timeout.error();
    const std::chrono::milliseconds wait(timeout->ms());
    const auto ticket =
        kafka::prove_sandbox(*connection, command_line_secrets(arguments, connection->name), wait);
    if (!ticket)
        return ticket.error();
    if (arguments.has("collect"))
        return into_collector(*ticket, static_cast<int>(*partitions), wait);
    return into_topic(*ticket, arguments.value("topic"), static_cast<int>(*partitions), wait,
                      console);
}

} // namespace

Result<std::unique_ptr<EventOutput>> event_output_of(const Arguments& arguments, Console& console) {
    const bool with_key = arguments.has("with-key");
    const int places = (arguments.has("topic") ? 1 : 0) + (arguments.has("output") ? 1 : 0) +
                       (arguments.has("collect") ? 1 : 0);
    if (places > 1)
        return usage_error("--topic, --collect and --output exclude each other");
    if (arguments.has("topic") || arguments.has("collect"))
        return into_sandbox(arguments, console);
    if (arguments.has("bootstrap") || arguments.has("workspace"))
        return usage_error("no topic is named", "Add --topic TOPIC, or --collect.");
    if (arguments.has("output") && arguments.value("output") != "-")
        return std::unique_ptr<EventOutput>(
            std::make_unique<ToFile>(arguments.value("output"), with_key));
    return std::unique_ptr<EventOutput>(std::make_unique<ToStdout>(console, with_key));
}

} // namespace weir::cli
