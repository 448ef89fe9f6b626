// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include <memory>
#include <thread>
#include <vector>

#include "widgets/common/mailbox.h"

using namespace weir;

class TestMailbox : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void letters_of_a_thread_are_opened_here_and_in_order() {
        Mailbox mailbox;
        const std::thread::id here = std::this_thread::get_id();
        std::vector<int> opened;
        bool elsewhere = false;
        std::thread sender([&, slot = mailbox.slot()] {
            for (int i = 0; i < 1000; ++i)
                Mailbox::post(slot, [&, letter = std::make_shared<int>(i)] {
                    elsewhere = elsewhere || std::this_thread::get_id() != here;
                    opened.push_back(*letter);
                });
        });
        QTRY_COMPARE(opened.size(), std::size_t{1000});
        sender.join();
        QVERIFY(std::is_sorted(opened.begin(), opened.end()));
        QVERIFY(!elsewhere);
    }

    void a_mailbox_may_go_while_letters_are_sent() {
        for (int round = 0; round < 100; ++round) {
            auto mailbox = std::make_unique<Mailbox>();
            const auto held = std::make_shared<int>(round);
            std::thread sender([slot = mailbox->slot(), &held] {
                for (int i = 0; i < 50; ++i)
                    Mailbox::post(slot, [held] {});
            });
            mailbox.reset();
            sender.join();
            QCOMPARE(held.use_count(), 1L); // nothing is kept for nobody
        }
    }

    void a_letter_may_be_the_end_of_its_mailbox() {
        auto mailbox = std::make_unique<Mailbox>();
        bool second = false;
        Mailbox::post(mailbox->slot(), [&] { mailbox.reset(); });
        Mailbox::post(mailbox->slot(), [&] { second = true; });
        QTRY_VERIFY(mailbox == nullptr);
        QTest::qWait(0);
        QVERIFY(!second);
    }
};

QTEST_GUILESS_MAIN(TestMailbox)
#include "tst_mailbox.moc"
