// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/pipeline.h"

#include <algorithm>
#include <condition_variable>

namespace weir::sandbox {
namespace {

constexpr const char* dead_letters = "invalid_events";

class RunningPipeline final : public Pipeline {
  public:
    explicit RunningPipeline(PipelineOptions options)
        : m_options(std::move(options)) {}

    ~RunningPipeline() override {
        for (const auto& worker : m_workers)
            worker->stop(); // all at once, then each is waited for
        {
            const std::lock_guard lock(m_mutex);
            m_stop = true;
        }
        m_stopping.notify_all();
        if (m_reporter.joinable())
            m_reporter.join();
        m_workers.clear();
        write_metrics();
    }

    Result<void> begin(const kafka::SandboxTicket& ticket, const StageServices& services);
    std::vector<StageReport> reports() const override;

  private:
    Result<void> make_topics(const kafka::SandboxTicket& ticket,
                             const std::vector<StageInfo>& stages) const;
    void report();
    void write_metrics();

    const PipelineOptions m_options;
    std::unique_ptr<kafka::Producer> m_metrics;
    std::vector<std::unique_ptr<Worker>> m_workers;
    std::mutex m_mutex;
    std::condition_variable m_stopping;
    bool m_stop = false;
    std::thread m_reporter;
};

Result<void> RunningPipeline::make_topics(const kafka::SandboxTicket& ticket,
                                          const std::vector<StageInfo>& stages) const {
    if (ticket.embedded())
        return {}; // whoever started it made them
    for (const kafka::NewTopic& topic : topics_of(stages, m_options.partitions))
        if (auto made = create_topic(ticket, topic, m_options.worker.broker_timeout); !made)
            return made;
    return {};
}

Result<void> RunningPipeline::begin(const kafka::SandboxTicket& ticket,
                                    const StageServices& services) {
    std::vector<std::unique_ptr<Stage>> stages;
    std::vector<StageInfo> infos;
    for (const std::string& name : m_options.stages) {
        const StageEntry* const entry = find_stage(name);
        if (entry == nullptr)
            return Error{.code = ErrorCode::Usage, .what = "there is no stage \"" + name + "\""};
        stages.push_back(entry->make(services));
        infos.push_back(stages.back()->info());
    }
    if (auto made = make_topics(ticket, infos); !made)
        return made;
    auto metrics = kafka::Producer::open(ticket, {}, m_options.worker.broker_timeout);
    if (!metrics)
        return metrics.error();
    m_metrics = std::move(*metrics);
    if (auto there = m_metrics->look_up(metrics_topic, m_options.worker.broker_timeout); !there)
        return there;          // later sends do not wait for it
    for (auto& stage : stages) // each is known before the first writes
        m_workers.push_back(std::make_unique<Worker>(ticket, std::move(stage), m_options.worker));
    for (const auto& worker : m_workers)
        worker->start();
    m_reporter = std::thread([this] { report(); });
    return {};
}

std::vector<StageReport> RunningPipeline::reports() const {
    std::vector<StageReport> all;
    for (const auto& worker : m_workers)
        all.push_back({worker->info(), worker->instance(), worker->counts()});
    return all;
}

void RunningPipeline::report() {
    std::unique_lock lock(m_mutex);
    while (!m_stopping.wait_for(lock, m_options.metrics_every, [this] { return m_stop; })) {
        lock.unlock();
        write_metrics();
        lock.lock();
    }
}

/// A broker that is away is nobody's loss here: the counters go on, and the next line has them.
void RunningPipeline::write_metrics() {
    for (const StageReport& each : reports()) {
        const std::string value = to_json(each.info, each.instance, Micros::now(), each.counts);
        kafka::OutRecord record;
        record.topic = metrics_topic;
        record.key = each.info.name;
        record.key_null = false;
        record.value = value;
        (void)m_metrics->send(record, std::chrono::milliseconds(0));
    }
}

} // namespace

Result<std::unique_ptr<Pipeline>> Pipeline::start(const kafka::SandboxTicket& ticket,
                                                  PipelineOptions options,
                                                  const StageServices& services) {
    auto pipeline = std::make_unique<RunningPipeline>(std::move(options));
    if (auto begun = pipeline->begin(ticket, services); !begun)
        return begun.error();
    return std::unique_ptr<Pipeline>(std::move(pipeline));
}

std::vector<kafka::NewTopic> topics_of(const std::vector<StageInfo>& stages, int partitions) {
    std::vector<kafka::NewTopic> topics;
    const auto add = [&](const std::string& name, std::map<std::string, std::string> configs) {
        const bool there = std::any_of(topics.begin(), topics.end(),
                                       [&](const kafka::NewTopic& t) { return t.name == name; });
        if (!there)
            topics.push_back({name, partitions, std::move(configs)});
    };
    for (const StageInfo& stage : stages) {
        for (const std::string& name : stage.inputs)
            add(name, {});
        for (const std::string& name : stage.outputs)
            add(name, {});
        if (!stage.state_topic.empty())
            add(stage.state_topic, {{"cleanup.policy", "compact"}});
    }
    add(dead_letters, {});
    add(metrics_topic, {});
    return topics;
}

namespace {

/// Of a sketch without values there is nothing to tell.
void add_summary(http::OpenMetrics& page, const StageReport& of, const QuantileSketch& sketch) {
    if (sketch.count() == 0)
        return;
    for (const auto& [word, q] : {std::pair{"0.5", 0.5}, {"0.95", 0.95}, {"0.99", 0.99}})
        page.add_quantile({{"stage", of.info.name}}, word, sketch.quantile(q));
    page.add_count({{"stage", of.info.name}}, sketch.count());
}

} // namespace

void append_reports(const std::vector<StageReport>& reports, http::OpenMetrics& page) {
    using Metric = http::OpenMetrics::Kind;
    if (reports.empty())
        return;
    page.family(Metric::Counter, "weir_stage_in", "Records taken in and committed.");
    for (const StageReport& r : reports)
        page.add({{"stage", r.info.name}}, r.counts.in);
    page.family(Metric::Counter, "weir_stage_out", "Records passed on.");
    for (const StageReport& r : reports)
        page.add({{"stage", r.info.name}}, r.counts.out);
    page.family(Metric::Counter, "weir_stage_filtered", "Records left out on purpose, by kind.");
    for (const StageReport& r : reports)
        for (int kind = 0; kind < filter_kind_count; ++kind)
            page.add({{"stage", r.info.name}, {"kind", to_word(static_cast<FilterKind>(kind))}},
                     r.counts.filtered[static_cast<std::size_t>(kind)]);
    page.family(Metric::Counter, "weir_stage_failed",
                "Records that became dead letters, by reason.");
    for (const StageReport& r : reports)
        for (const auto& [reason, count] : r.counts.failed)
            page.add({{"stage", r.info.name}, {"reason", reason}}, count);
    page.family(Metric::Counter, "weir_stage_retried", "Batches that had to be done again.");
    for (const StageReport& r : reports)
        page.add({{"stage", r.info.name}}, r.counts.retried);
    page.family(Metric::Gauge, "weir_stage_pending", "Records taken in and not committed yet.");
    for (const StageReport& r : reports)
        page.add({{"stage", r.info.name}}, r.counts.pending);
    page.family(Metric::Counter, "weir_stage_lost", "Records that retention deleted unread.");
    for (const StageReport& r : reports)
        page.add({{"stage", r.info.name}}, r.counts.lost);
    page.family(Metric::Summary, "weir_stage_wait_seconds", "From a record's time to the worker.",
                "seconds");
    for (const StageReport& r : reports)
        add_summary(page, r, r.counts.wait);
    page.family(Metric::Summary, "weir_stage_processing_seconds", "From there to its commit.",
                "seconds");
    for (const StageReport& r : reports)
        add_summary(page, r, r.counts.processing);
}

} // namespace weir::sandbox
