// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A connection as the user enters it. What does not apply to the chosen security is not shown.
// Thread contract: GUI thread only.
#pragma once

#include <QWidget>

#include <map>
#include <optional>

#include "widgets/connect/connection_presets.h"
#include "widgets/connect/secret_field.h"

class QCheckBox;
class QFormLayout;
class QLineEdit;
class QPlainTextEdit;

namespace weir {

class ComboBox;
class TextLabel;

class ConnectionForm : public QWidget {
    Q_OBJECT
  public:
    explicit ConnectionForm(SecretStore store, QWidget* parent = nullptr);

    void setOptions(const kafka::ConnectionOptions& options);
    /// Errors: Config, with `where` = the field's name; the field is marked and gets the keyboard.
    Result<kafka::ConnectionOptions> options(FormUse use = FormUse::Now);
    QWidget* firstFocus() const;
    /// What the environment's box says; none: nothing was chosen, which counts as production.
    std::optional<kafka::Environment> environment() const;
    void setEnvironment(std::optional<kafka::Environment> environment);

  Q_SIGNALS:
    /// What is reached, or how; what a test found is void.
    void changed();
    /// What it is taken for.
    void environmentChanged();

  private:
    QLineEdit* add_line(const QString& title, const QString& hint);
    QLineEdit* add_file(const QString& title, const QString& hint);
    TextLabel* add_note();
    SecretField* add_secret(const QString& title, const SecretStore& store);
    void add_row(const QString& title, QWidget* field, QWidget* named);
    void add_tls_rows(const SecretStore& store);
    void add_sasl_rows(const SecretStore& store);
    void add_oauth_rows(const SecretStore& store);
    void start_from(const ConnectionPreset& preset);
    void suggest_places();
    void show_what_applies();
    void note_environment();
    Result<void> read_security(kafka::Security& security, FormUse use);
    Result<void> read_login(kafka::Security& security, FormUse use);
    Error mark(QLineEdit* field, const QString& title, const QString& advice);
    Result<std::map<std::string, std::string>> properties();

    QFormLayout* m_rows;
    ComboBox* m_preset;
    TextLabel* m_preset_note;
    QLineEdit* m_name;
    QLineEdit* m_address;
    ComboBox* m_environment;
    TextLabel* m_environment_note;
    ComboBox* m_protocol;
    QLineEdit* m_ca = nullptr;
    QLineEdit* m_certificate = nullptr;
    QLineEdit* m_key = nullptr;
    SecretField* m_key_password = nullptr;
    QLineEdit* m_keystore = nullptr;
    SecretField* m_keystore_password = nullptr;
    QCheckBox* m_verify = nullptr;
    ComboBox* m_mechanism = nullptr;
    QLineEdit* m_username = nullptr;
    SecretField* m_password = nullptr;
    ComboBox* m_oauth_source = nullptr;
    QLineEdit* m_oauth_endpoint = nullptr;
    QLineEdit* m_oauth_client = nullptr;
    SecretField* m_oauth_secret = nullptr;
    QLineEdit* m_oauth_scope = nullptr;
    QLineEdit* m_oauth_file = nullptr;
    QLineEdit* m_oauth_command = nullptr;
    QLineEdit* m_oauth_principal = nullptr;
    QLineEdit* m_budget = nullptr;
    QPlainTextEdit* m_properties = nullptr;
};

} // namespace weir
