// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_pipeline.h"

#include "connectors/warehouse/sandbox/sandbox.h"
#include "models/sandbox/warehouse/schema.h"
#include "models/sandbox/workers/stage_list.h"

namespace weir {

namespace {

constexpr std::chrono::milliseconds warehouse_wait{10'000};

std::vector<std::string> demo_stage_names() {
    std::vector<std::string> names;
    for (const sandbox::StageEntry& stage : sandbox::stage_entries())
        names.push_back(stage.name);
    return names;
}

} // namespace

Result<warehouse::DatabaseTicket> DemoPipeline::open_warehouse() const {
    if (!m_folder.isValid())
        return Error{ErrorCode::Io, m_folder.errorString().toStdString(), "the temporary folder",
                     "making the demo's warehouse",
                     "Set TMPDIR to a folder that can be written to."};
    const warehouse::ConnectionOptions file{
        .name = "warehouse",
        .address = "sqlite:" + m_folder.filePath(QStringLiteral("demo.sqlite")).toStdString(),
        .environment = Environment::Sandbox};
    if (auto marked = warehouse::init_sandbox_database(file, {}, {}, warehouse_wait); !marked)
        return marked.error();
    return sandbox::prove_migrated(file, {}, warehouse_wait);
}

Result<void> DemoPipeline::can_carry_out(const synth::Play& play) {
    return sandbox::check_incidents(*play.scenario, *play.incidents, demo_stage_names(), true);
}

Result<std::unique_ptr<DemoPipeline>>
DemoPipeline::start(kafka::EmbeddedCluster& cluster, const kafka::SandboxTicket& ticket,
                    std::shared_ptr<const ContractSet> contracts,
                    std::shared_ptr<const synth::IncidentPlan> incidents) {
    sandbox::PipelineOptions options;
    options.stages = demo_stage_names();
    if (incidents) {
        options.worker.broker_timeout += incidents->longest_outage();
        options.worker.incidents = std::move(incidents);
    }
    std::vector<sandbox::StageInfo> stages;
    for (const sandbox::StageEntry& stage : sandbox::stage_entries())
        stages.push_back(stage.make({})->info());
    for (const kafka::NewTopic& topic :
         sandbox::topics_of(stages, kafka::EmbeddedTopic().partitions))
        if (auto made = cluster.create_topic({topic.name, topic.partitions}); !made)
            return made.error();
    std::unique_ptr<DemoPipeline> pipeline(new DemoPipeline);
    auto warehouse = pipeline->open_warehouse();
    if (!warehouse)
        return warehouse.error();
    pipeline->m_warehouse = *warehouse;
    auto workers = sandbox::Pipeline::start(
        ticket, std::move(options),
        {.contracts = std::make_shared<sandbox::ContractShelf>(std::move(contracts)),
         .warehouse = std::move(*warehouse)});
    if (!workers)
        return workers.error();
    pipeline->m_workers = std::move(*workers);
    return pipeline;
}

} // namespace weir
