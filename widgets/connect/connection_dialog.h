// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Make or edit a connection: enter it, test it, see what is there, choose the topics to watch, and
// connect or save it to a workspace. Nothing is opened before the user says so.
// Thread contract: GUI thread only; tests run on a worker.
#pragma once

#include <QDialog>

#include "widgets/connect/connection_probe.h"
#include "widgets/connect/secret_field.h"

class QLineEdit;
class QListWidget;
class QPushButton;
class QScrollArea;
class QStackedWidget;

namespace weir {

class ConnectionForm;
class Pill;
class StatePage;
class TextLabel;

class ConnectionDialog : public QDialog {
    Q_OBJECT
  public:
    struct Choice {
        kafka::ConnectionOptions connection;
        std::vector<std::string> topics;
        std::vector<std::string> topic_patterns;
        bool save = false; // to a workspace file; else only for now
    };

    ConnectionDialog(ProbeFunction probe, SecretStore store, QWidget* parent);
    void setConnection(const kafka::ConnectionOptions& options,
                       const std::vector<std::string>& topics,
                       const std::vector<std::string>& patterns);
    ConnectionForm* form() const { return m_form; }
    StatePage* statePage() const { return m_state; }
    QPushButton* testButton() const { return m_test; }
    QPushButton* connectButton() const { return m_connect; }
    QPushButton* saveButton() const { return m_save; }
    QLineEdit* topicsField() const { return m_topics; }
    QPushButton* sandboxButton() const { return m_make_sandbox; }
    QString troubleText() const;
    /// What the last test found, as it is shown.
    QString foundText() const;

  Q_SIGNALS:
    void chosen(const weir::ConnectionDialog::Choice& choice);

  private:
    QWidget* make_found_page();
    QWidget* make_marker_box();
    QWidget* make_right_side();
    void connect_parts();
    void test();
    void show_idle();
    void show_found(const ProbeReport& report);
    void show_marker();
    bool would_close_a_sandbox() const;
    void tell(const QString& trouble);
    void choose(bool save);
    void topics_to_field();

    ConnectionProbe* m_probe;
    ConnectionForm* m_form;
    QScrollArea* m_scroll = nullptr; // around the form
    QStackedWidget* m_right = nullptr;
    StatePage* m_state;
    QWidget* m_found_page = nullptr;
    Pill* m_verdict = nullptr;
    TextLabel* m_cluster = nullptr;
    TextLabel* m_brokers = nullptr;
    TextLabel* m_notes = nullptr;
    QWidget* m_marker_box = nullptr;
    TextLabel* m_marker = nullptr;
    QPushButton* m_make_sandbox = nullptr;
    TextLabel* m_topics_title = nullptr;
    QListWidget* m_topic_list = nullptr;
    QLineEdit* m_topics;
    TextLabel* m_trouble;
    QPushButton* m_test;
    QPushButton* m_save;
    QPushButton* m_connect;
    bool m_marked_sandbox = false; // as the last test found
    bool m_warned = false;         // and the user has been told what connecting would do
};

} // namespace weir
