// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <map>

#include "connectors/kafka/admin/admin.h"
#include "connectors/kafka/admin/admin_wait.h"
#include "connectors/kafka/observer.h"

namespace weir::kafka {
namespace {

constexpr std::size_t topics_a_question = 500;

void fill(TopicConfig& config, const rd_kafka_ConfigResource_t* from) {
    std::size_t count = 0;
    const auto** entries = rd_kafka_ConfigResource_configs(from, &count);
    for (std::size_t i = 0; i < count; ++i) {
        ConfigEntry entry;
        entry.name = rd_kafka_ConfigEntry_name(entries[i]);
        entry.sensitive = rd_kafka_ConfigEntry_is_sensitive(entries[i]) == 1;
        entry.is_default = rd_kafka_ConfigEntry_is_default(entries[i]) == 1;
        const char* value = rd_kafka_ConfigEntry_value(entries[i]);
        if (value && !entry.sensitive)
            entry.value = value;
        config.entries.push_back(std::move(entry));
    }
    std::sort(config.entries.begin(), config.entries.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
}

} // namespace

const std::string* TopicConfig::value(std::string_view name) const {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const ConfigEntry& e) { return e.name == name; });
    return found == entries.end() || !found->value ? nullptr : &*found->value;
}

std::optional<std::int64_t> TopicConfig::number(std::string_view name) const {
    const std::string* const text = value(name);
    std::int64_t number = 0;
    if (text == nullptr || std::from_chars(text->data(), text->data() + text->size(), number).ptr !=
                               text->data() + text->size())
        return std::nullopt;
    return number;
}

std::vector<TopicConfig> Admin::topic_configs(const std::vector<std::string>& topics,
                                              Wait timeout) {
    const auto deadline = deadline_after(timeout);
    const bool embedded = m_inside.embedded(deadline); // asked what it does not know, it hangs up
    std::vector<TopicConfig> answers(topics.size());
    for (std::size_t i = 0; i < topics.size(); ++i) {
        answers[i].topic = topics[i];
        answers[i].error = failure(embedded ? RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE
                                            : RD_KAFKA_RESP_ERR__TIMED_OUT,
                                   "the settings of topic " + topics[i] + " were not had");
    }
    if (embedded)
        return answers;
    for (std::size_t from = 0; from < answers.size(); from += topics_a_question)
        configs_of_some(answers, from, std::min(answers.size(), from + topics_a_question),
                        deadline);
    return answers;
}

void Admin::configs_of_some(std::vector<TopicConfig>& answers, std::size_t from, std::size_t to,
                            Deadline deadline) {
    std::vector<ResourceHandle> owned;
    std::vector<rd_kafka_ConfigResource_t*> resources;
    std::map<std::string, TopicConfig*> by_name;
    for (std::size_t i = from; i < to; ++i) {
        owned.emplace_back(
            rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, answers[i].topic.c_str()));
        if (!owned.back()) {
            answers[i].error = failure(RD_KAFKA_RESP_ERR__INVALID_ARG, "that is no topic's name");
            continue;
        }
        resources.push_back(owned.back().get());
        by_name[answers[i].topic] = &answers[i];
    }
    if (resources.empty())
        return;
    const auto options =
        admin_options(m_inside.client(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, deadline);
    const QueueHandle queue(rd_kafka_queue_new(m_inside.client()));
    rd_kafka_DescribeConfigs(m_inside.client(), resources.data(), resources.size(), options.get(),
                             queue.get());
    const EventHandle event(rd_kafka_queue_poll(queue.get(), remaining_ms(deadline) + 500));
    const auto whole = event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (whole != RD_KAFKA_RESP_ERR_NO_ERROR) {
        for (const auto& [name, answer] : by_name)
            answer->error = failure(whole, "the settings of topic " + name + " were not had");
        return;
    }
    std::size_t count = 0;
    const auto** found = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(event.get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto answer = by_name.find(rd_kafka_ConfigResource_name(found[i]));
        if (answer == by_name.end())
            continue;
        const auto err = rd_kafka_ConfigResource_error(found[i]);
        answer->second->error.reset();
        if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
            answer->second->error =
                failure(err, "the settings of topic " + answer->first + " were not had");
        else
            fill(*answer->second, found[i]);
    }
}

} // namespace weir::kafka
