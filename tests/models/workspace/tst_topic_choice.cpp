// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One rule for what is a topic and what is a pattern.
#include <QtTest>

#include "models/workspace/topic_choice.h"

using namespace weir;

class TestTopicChoice : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_no_name_can_hold_is_a_pattern() {
        TopicChoice choice;
        for (const char* text : {"raw_events", "shop.orders-v1", "events-.*", "(a|b)", "^raw", ""})
            choice.add(text);
        QCOMPARE(choice.topics, (std::vector<std::string>{"raw_events", "shop.orders-v1"}));
        QCOMPARE(choice.patterns, (std::vector<std::string>{"events-.*", "(a|b)", "raw"}));
        QVERIFY(TopicChoice().empty() && !choice.empty());
    }
    void a_pattern_is_typed_as_it_is_read() {
        for (const char* pattern : {"events-.*", "raw", "a.b"}) {
            TopicChoice again;
            again.add(typed_topic_pattern(pattern));
            QCOMPARE(again.patterns, std::vector<std::string>{pattern});
        }
    }
};

QTEST_GUILESS_MAIN(TestTopicChoice)
#include "tst_topic_choice.moc"
