module example.com/sandboxes

go 1.19
