"""Opens and closes a session of service sshd by Linux-PAM, as sshd does, and prints as JSON what PAM said and to whom.

open-pam-session.py CONFIGURATION_DIRECTORY USER HOST [NAME=VALUE...]
"""

import ctypes
import json
import os
import sys
import time

PAM_RHOST = 4
PAM_CONV_ERR = 19

Converse = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


class Conversation(ctypes.Structure):
    _fields_ = [("converse", Converse), ("data", ctypes.c_void_p)]


told = []


def converse(count, _messages, _responses, _data):
    told.append(count)
    return PAM_CONV_ERR


def main(directory, user, host, *variables):
    pam = ctypes.CDLL("libpam.so.0")
    handle = ctypes.c_void_p()
    conversation = Conversation(Converse(converse), None)
    started = pam.pam_start_confdir(
        b"sshd", os.fsencode(user), ctypes.byref(conversation), os.fsencode(directory), ctypes.byref(handle)
    )
    if started != 0:
        raise SystemExit(f"pam_start_confdir: {started}")
    pam.pam_set_item(handle, PAM_RHOST, ctypes.c_char_p(os.fsencode(host)))
    for variable in variables:
        pam.pam_putenv(handle, os.fsencode(variable))
    before = time.monotonic()
    opened = pam.pam_open_session(handle, 0)
    seconds = time.monotonic() - before
    closed = pam.pam_close_session(handle, 0)
    print(json.dumps({"opened": opened, "closed": closed, "told": len(told), "ms": round(seconds * 1000)}))


main(*sys.argv[1:])
