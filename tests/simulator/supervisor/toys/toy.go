// The careless collector in Go: toy.py tells what it does.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"sort"
)

var logDir string

func say(what any) {
	line, _ := json.Marshal(what)
	os.Stdout.Write(append(line, '\n'))
}

func entries(path string) ([]string, error) {
	directory, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	names, err := directory.Readdirnames(-1)
	directory.Close()
	sort.Strings(names)
	return names, err
}

func extension(handler string, events string) error {
	names, err := entries(events)
	if err != nil {
		return err
	}
	for _, name := range names {
		file, err := os.Open(events + "/" + name)
		if err != nil {
			return err
		}
		data, err := io.ReadAll(file)
		if closed := file.Close(); err != nil || closed != nil {
			return io.ErrUnexpectedEOF
		}
		var list []map[string]any
		if json.Unmarshal(data, &list) != nil {
			one := map[string]any{}
			if err := json.Unmarshal(data, &one); err != nil {
				return err
			}
			list = []map[string]any{one}
		}
		if err := os.Remove(events + "/" + name); err != nil {
			return err
		}
		for index, one := range list {
			say(map[string]any{
				"type": "event", "key": []any{handler, name, index}, "eventId": 1, "providerId": "toy", "file_type": "json",
				"parameters": []any{map[string]any{"name": "Message", "value": one["Message"]}},
			})
		}
	}
	return nil
}

func collect() {
	handlers, err := entries(logDir)
	for _, handler := range handlers {
		if err == nil {
			err = extension(handler, logDir+"/"+handler+"/events")
		}
	}
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var request map[string]any
		json.Unmarshal(line, &request)
		switch request["type"] {
		case "hello":
			say(map[string]any{"type": "hello", "protocol": 1, "capabilities": map[string]any{"settings": []string{}}})
		case "start":
			logDir = request["log_dir"].(string)
			say(map[string]any{"type": "started"})
		case "collect":
			collect()
			say(map[string]any{"type": "done"})
		default:
			return
		}
	}
}
