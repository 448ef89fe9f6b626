// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <thread>

#include "connectors/kafka/admin/admin.h"
#include "connectors/kafka/admin/admin_wait.h"
#include "connectors/kafka/admin/group_offsets.h"
#include "connectors/kafka/observer.h"

namespace weir::kafka {
namespace {

constexpr std::size_t groups_a_question = 100;
constexpr std::size_t questions_in_flight = 64;

GroupState to_state(rd_kafka_consumer_group_state_t state) {
    switch (state) {
    case RD_KAFKA_CONSUMER_GROUP_STATE_PREPARING_REBALANCE:
        return GroupState::PreparingRebalance;
    case RD_KAFKA_CONSUMER_GROUP_STATE_COMPLETING_REBALANCE:
        return GroupState::CompletingRebalance;
    case RD_KAFKA_CONSUMER_GROUP_STATE_STABLE:
        return GroupState::Stable;
    case RD_KAFKA_CONSUMER_GROUP_STATE_DEAD:
        return GroupState::Dead;
    case RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY:
        return GroupState::Empty;
    default:
        return GroupState::Unknown;
    }
}

std::string text_of(const char* text) {
    return text ? text : "";
}

GroupMemberInfo to_member(const rd_kafka_MemberDescription_t* from) {
    GroupMemberInfo member;
    member.member_id = text_of(rd_kafka_MemberDescription_consumer_id(from));
    member.client_id = text_of(rd_kafka_MemberDescription_client_id(from));
    member.instance_id = text_of(rd_kafka_MemberDescription_group_instance_id(from));
    member.host = text_of(rd_kafka_MemberDescription_host(from));
    const auto* assignment = rd_kafka_MemberDescription_assignment(from);
    const auto* list = assignment ? rd_kafka_MemberAssignment_partitions(assignment) : nullptr;
    for (int i = 0; list && i < list->cnt; ++i)
        member.assigned.push_back({list->elems[i].topic, PartitionId(list->elems[i].partition)});
    std::sort(member.assigned.begin(), member.assigned.end());
    return member;
}

void fill(GroupInfo& info, const rd_kafka_ConsumerGroupDescription_t* from) {
    info.state = to_state(rd_kafka_ConsumerGroupDescription_state(from));
    info.assignor = text_of(rd_kafka_ConsumerGroupDescription_partition_assignor(from));
    if (const auto* node = rd_kafka_ConsumerGroupDescription_coordinator(from))
        info.coordinator = {rd_kafka_Node_id(node), text_of(rd_kafka_Node_host(node)),
                            rd_kafka_Node_port(node)};
    const std::size_t count = rd_kafka_ConsumerGroupDescription_member_count(from);
    for (std::size_t i = 0; i < count; ++i)
        info.members.push_back(to_member(rd_kafka_ConsumerGroupDescription_member(from, i)));
}

} // namespace

const char* to_word(GroupState state) {
    switch (state) {
    case GroupState::Unknown:
        return "unknown";
    case GroupState::PreparingRebalance:
        return "preparing_rebalance";
    case GroupState::CompletingRebalance:
        return "completing_rebalance";
    case GroupState::Stable:
        return "stable";
    case GroupState::Dead:
        return "dead";
    case GroupState::Empty:
        return "empty";
    }
    return "";
}

Result<GroupList> Admin::groups(Wait timeout) {
    const std::string what = "the consumer groups were not listed";
    const auto deadline = deadline_after(timeout);
    if (m_inside.embedded(deadline))
        return failure(RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, what);
    const auto options =
        admin_options(m_inside.client(), RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, deadline);
    const QueueHandle queue(rd_kafka_queue_new(m_inside.client()));
    rd_kafka_ListConsumerGroups(m_inside.client(), options.get(), queue.get());
    const EventHandle event(rd_kafka_queue_poll(queue.get(), remaining_ms(deadline) + 500));
    if (!event)
        return failure(RD_KAFKA_RESP_ERR__TIMED_OUT, what);
    if (const auto err = rd_kafka_event_error(event.get()); err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return failure(err, what);
    const auto* result = rd_kafka_event_ListConsumerGroups_result(event.get());
    GroupList list;
    std::size_t count = 0;
    const auto** valid = rd_kafka_ListConsumerGroups_result_valid(result, &count);
    for (std::size_t i = 0; i < count; ++i)
        list.groups.push_back({text_of(rd_kafka_ConsumerGroupListing_group_id(valid[i])),
                               to_state(rd_kafka_ConsumerGroupListing_state(valid[i]))});
    const auto** errors = rd_kafka_ListConsumerGroups_result_errors(result, &count);
    for (std::size_t i = 0; i < count; ++i)
        list.missing.push_back(failure(rd_kafka_error_code(errors[i]), what));
    if (list.groups.empty() && !list.missing.empty())
        return list.missing.front();
    std::sort(list.groups.begin(), list.groups.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    return list;
}

std::vector<GroupInfo> Admin::describe_groups(const std::vector<std::string>& ids, Wait timeout) {
    const auto deadline = deadline_after(timeout);
    std::vector<GroupInfo> answers(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i)
        answers[i].id = ids[i];
    const bool embedded = m_inside.embedded(deadline); // asked what it does not know, it hangs up
    const Result<bool> any = embedded ? Result<bool>(false) : had_groups(m_inside, deadline);
    for (GroupInfo& answer : answers) {
        if (!any)
            answer.error = any.error();
        else if (embedded)
            answer.error = failure(RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE,
                                   "group " + answer.id + " was not described");
        else if (!*any)
            answer.error = failure(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND,
                                   "group " + answer.id + " was not described");
    }
    if (!any || !*any)
        return answers;
    for (std::size_t from = 0; from < answers.size(); from += groups_a_question)
        describe_some(answers, from, std::min(answers.size(), from + groups_a_question), deadline);
    return answers;
}

void Admin::describe_some(std::vector<GroupInfo>& answers, std::size_t from, std::size_t to,
                          Deadline deadline) {
    std::vector<const char*> names;
    std::map<std::string, GroupInfo*> by_name;
    for (std::size_t i = from; i < to; ++i) {
        names.push_back(answers[i].id.c_str());
        by_name[answers[i].id] = &answers[i];
    }
    const auto options =
        admin_options(m_inside.client(), RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, deadline);
    const QueueHandle queue(rd_kafka_queue_new(m_inside.client()));
    rd_kafka_DescribeConsumerGroups(m_inside.client(), names.data(), names.size(), options.get(),
                                    queue.get());
    const EventHandle event(rd_kafka_queue_poll(queue.get(), remaining_ms(deadline) + 500));
    const auto whole = event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (whole != RD_KAFKA_RESP_ERR_NO_ERROR) {
        for (const auto& [name, answer] : by_name)
            answer->error = failure(whole, "group " + name + " was not described");
        return;
    }
    std::size_t count = 0;
    const auto** groups = rd_kafka_DescribeConsumerGroups_result_groups(
        rd_kafka_event_DescribeConsumerGroups_result(event.get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto found = by_name.find(rd_kafka_ConsumerGroupDescription_group_id(groups[i]));
        if (found == by_name.end())
            continue;
        if (const auto* error = rd_kafka_ConsumerGroupDescription_error(groups[i]))
            found->second->error =
                failure(rd_kafka_error_code(error), "group " + found->first + " was not described");
        else
            fill(*found->second, groups[i]);
    }
}

namespace {

/// Every partition there is: the embedded cluster tells of those alone that it is asked for.
OffsetListHandle all_partitions(ObservedCluster& cluster, std::chrono::milliseconds timeout) {
    OffsetListHandle all(rd_kafka_topic_partition_list_new(0));
    const auto found = fetch_metadata(cluster.client(), nullptr, cluster.options().name, timeout);
    for (int i = 0; found && i < (*found)->topic_cnt; ++i)
        for (int p = 0; p < (*found)->topics[i].partition_cnt; ++p)
            rd_kafka_topic_partition_list_add(all.get(), (*found)->topics[i].topic,
                                              (*found)->topics[i].partitions[p].id);
    return all;
}

/// Asks for one group's offsets, of all partitions or of those named; the answer comes on the
/// queue.
void ask_offsets_of(rd_kafka_t* client, const std::string& group,
                    const rd_kafka_topic_partition_list_t* named,
                    const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
    const OffsetsQuestionHandle question(
        rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), named));
    rd_kafka_ListConsumerGroupOffsets_t* one = question.get();
    rd_kafka_ListConsumerGroupOffsets(client, &one, 1, options, queue);
}

void fill(GroupOffsets& answer, const rd_kafka_topic_partition_list_t* list, bool only_committed,
          const std::string& connection) {
    for (int i = 0; i < list->cnt; ++i) {
        const rd_kafka_topic_partition_t& from = list->elems[i];
        if (only_committed && from.err == RD_KAFKA_RESP_ERR_NO_ERROR && from.offset < 0)
            continue;
        CommittedOffset offset{{from.topic, PartitionId(from.partition)}, Offset(-1), {}};
        if (from.err != RD_KAFKA_RESP_ERR_NO_ERROR)
            offset.error =
                kafka_error(from.err, "the group's offset there was not had", connection);
        else if (from.offset >= 0)
            offset.offset = Offset(from.offset);
        answer.offsets.push_back(std::move(offset));
    }
    std::sort(answer.offsets.begin(), answer.offsets.end(),
              [](const auto& a, const auto& b) { return a.at < b.at; });
}

} // namespace

std::vector<GroupOffsets> Admin::committed(const std::vector<std::string>& groups, Wait timeout) {
    const auto deadline = deadline_after(timeout);
    std::vector<GroupOffsets> answers(groups.size());
    const Result<bool> any = had_groups(m_inside, deadline);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        answers[i].id = groups[i];
        const std::string what = "the offsets of group " + groups[i] + " were not had";
        if (!any)
            answers[i].error = any.error();
        else
            answers[i].error = failure(
                *any ? RD_KAFKA_RESP_ERR__TIMED_OUT : RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, what);
    }
    if (!any || !*any)
        return answers;
    std::vector<GroupOffsets*> open;
    for (GroupOffsets& answer : answers)
        open.push_back(&answer);
    for (Wait pause(100);; pause = std::min(2 * pause, Wait(1000))) {
        open = ask_committed(open, deadline);
        if (open.empty() || std::chrono::steady_clock::now() + pause >= deadline)
            return answers;
        std::this_thread::sleep_for(pause);
    }
}

std::vector<GroupOffsets*> Admin::ask_committed(const std::vector<GroupOffsets*>& groups,
                                                Deadline deadline) {
    std::vector<GroupOffsets*> again;
    const auto options =
        admin_options(m_inside.client(), RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, deadline);
    const QueueHandle queue(rd_kafka_queue_new(m_inside.client()));
    const OffsetListHandle named = m_inside.embedded(deadline)
                                       ? all_partitions(m_inside, Wait(remaining_ms(deadline)))
                                       : nullptr;
    // librdkafka takes one group a question; a window of them keeps the coordinators busy.
    std::size_t asked = 0;
    for (std::size_t open = 0; asked < groups.size() || open > 0; --open) {
        for (; asked < groups.size() && open < questions_in_flight; ++asked, ++open) {
            rd_kafka_AdminOptions_set_opaque(options.get(), groups[asked]);
            ask_offsets_of(m_inside.client(), groups[asked]->id, named.get(), options.get(),
                           queue.get());
        }
        const EventHandle event(rd_kafka_queue_poll(queue.get(), remaining_ms(deadline) + 500));
        if (!event)
            break; // those still open keep their "timed out"
        GroupOffsets& answer = *static_cast<GroupOffsets*>(rd_kafka_event_opaque(event.get()));
        const std::string what = "the offsets of group " + answer.id + " were not had";
        if (const auto err = rd_kafka_event_error(event.get()); err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            answer.error = failure(err, what);
            if (is_passing(err))
                again.push_back(&answer);
            continue;
        }
        std::size_t count = 0;
        const auto** found = rd_kafka_ListConsumerGroupOffsets_result_groups(
            rd_kafka_event_ListConsumerGroupOffsets_result(event.get()), &count);
        answer.error.reset();
        if (count == 0)
            answer.error = failure(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, what);
        else if (const auto* error = rd_kafka_group_result_error(found[0])) {
            answer.error = failure(rd_kafka_error_code(error), what);
            if (is_passing(rd_kafka_error_code(error)))
                again.push_back(&answer);
        } else
            fill(answer, rd_kafka_group_result_partitions(found[0]), named != nullptr,
                 m_cluster->options().name);
    }
    return again;
}

} // namespace weir::kafka
